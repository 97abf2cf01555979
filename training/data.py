"""Documents into arrays: feature numbers for every token, labels for every token, attributions as token runs; windows and batches."""

import bisect
import collections
import unicodedata

import numpy as np
import torch

from . import text as T
from .corpora import NAME_CLASSES, NOMINAL_CLASSES, UPOS

HASHED = {"word": (1, 16384), "prefix": (2, 4096), "suffix": (3, 4096), "tail": (4, 4096)}   # feature: (kind byte, rows)
COLUMNS = ["static", "word", "prefix", "suffix", "tail", "shape", "cue", "quote", "start"]
BUCKETS = [0.0, 0.01, 0.03, 0.08, 0.2, 0.4, 0.7]                     # of P(cue | word); bucket = how many are < P ... see cue_bucket
LIMIT = 220                                                          # tokens a window
PIECES = 4                                                           # word pieces kept of one token


def hashes(word, norm):
    """Rows in the four hashed tables."""
    keys = {"word": norm, "prefix": word[:3], "suffix": norm[-3:], "tail": norm[-2:] + str(min(len(norm), 9))}
    return [T.fnv1a(kind, keys[name]) % rows for name, (kind, rows) in HASHED.items()]


def cue_bucket(p):
    return sum(p > b for b in BUCKETS)


class Vocabulary:
    """What maps words to numbers: the static vectors' rows, the cue list's buckets, the word pieces."""

    def __init__(self, static, cues, pieces=None):
        self.static, self.cues, self.pieces = static, cues, pieces
        self._rows, self._pieces = {}, {}

    def row(self, word, mark):
        key = (word, mark)
        known = self._rows.get(key)
        if known is None:
            norm = T.norm(word, mark)
            static = {"“": "``", "”": "''"}.get(norm, norm) if mark else norm
            known = self._rows[key] = (self.static.get(static, 0), *hashes(mark or word, norm), T.shape(word), self.cues.get(norm, 0))
        return known

    def piece_row(self, word, mark):
        key = (word, mark)
        known = self._pieces.get(key)
        if known is None:
            known = self._pieces[key] = word_pieces('"' if mark else word, self.pieces)[:PIECES]
        return known


def word_pieces(word, vocabulary):
    """BERT's uncased pieces of one token."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    plain = plain.replace("’", "'").replace("‘", "'")
    out, part = [], ""
    for c in plain + "\0":
        if c != "\0" and T._is_word(c):
            part += c
            continue
        if part:
            out += _greedy(part, vocabulary)
            part = ""
        if c != "\0":
            out.append(vocabulary.get(c, vocabulary["[UNK]"]))
    return out or [vocabulary["[UNK]"]]


def _greedy(part, vocabulary):
    out, start = [], 0
    while start < len(part):
        end = len(part)
        while end > start:
            piece = part[start:end] if start == 0 else "##" + part[start:end]
            if piece in vocabulary:
                break
            end -= 1
        if end == start:
            return [vocabulary["[UNK]"]]
        out.append(vocabulary[piece])
        start = end
    return out


class Reading:
    """One document as arrays. Everything the model is given, and the labels where the corpus has them."""

    def __init__(self, document, vocabulary, with_pieces=True):
        text = document["text"]
        self.id, self.text = document["id"], text
        self.tokens = T.tokens(text)
        self.paragraph_start = T.paragraph_starts(text, self.tokens)
        self.sentence_start = T.sentence_starts(text, self.tokens, self.paragraph_start)
        self.quote, self.mark = T.quotes(text, self.tokens, self.paragraph_start)
        n = len(self.tokens)
        rows = [vocabulary.row(text[a:b], m) for (a, b), m in zip(self.tokens, self.mark)]
        self.features = np.zeros((n, len(COLUMNS)), np.int32)
        if n:
            self.features[:, :7] = rows
        self.features[:, 7] = self.quote
        self.features[:, 8] = [2 if p else 1 if s else 0 for p, s in zip(self.paragraph_start, self.sentence_start)]
        self.sentence = np.cumsum(self.sentence_start)
        self.paragraph = np.cumsum(self.paragraph_start)
        self.marks = np.cumsum([bool(m) for m in self.mark]) if n else np.zeros(0, int)
        if with_pieces and vocabulary.pieces:
            self.pieces = [vocabulary.piece_row(text[a:b], m) for (a, b), m in zip(self.tokens, self.mark)]
        self._starts, self._ends = [a for a, _ in self.tokens], [b for _, b in self.tokens]
        self.label(document)

    def run(self, start, end):
        """Tokens that a span of the text touches, as [first, last)."""
        return bisect.bisect_right(self._ends, start), bisect.bisect_left(self._starts, end)

    def label(self, document):
        n = len(self.tokens)
        self.labels = {}
        self.attributions = None
        if "attributions" in document:
            self.attributions = []
            tags = {role: np.zeros(n, np.int8) for role in ("source", "cue", "content")}
            for item in document["attributions"]:
                runs = {role: self.merged([self.run(a, b) for a, b in item[role]]) for role in tags}
                self.attributions.append(runs)
                for role, tag in tags.items():
                    for a, b in runs[role]:
                        tag[a:b] = 2
                        tag[a] = 1
            self.labels.update(tags)
        if "names" in document:
            tag = np.zeros(n, np.int8)
            for start, end, kind in document["names"]:
                a, b = self.run(start, end)
                if a < b:
                    number = NAME_CLASSES.index(kind)
                    tag[a:b] = 2 + 2 * number
                    tag[a] = 1 + 2 * number
            self.labels["names"] = tag
        if "nominals" in document:
            tag = np.zeros(n, np.int8)
            for start, end, kind in document["nominals"]:
                a, b = self.run(start, end)
                if a < b:
                    tag[b - 1] = 1 + NOMINAL_CLASSES.index(kind)
            self.labels["nominals"] = tag
        if "upos" in document:
            tag = np.full(n, -100, np.int8)
            for start, end, kind in document["upos"]:
                a, b = self.run(start, end)
                if a < b:
                    tag[a:b] = UPOS.index(kind)
            self.labels["upos"] = tag
        if "events" in document:
            tag = np.zeros(n, np.int8)
            for start, end in document["events"]:
                a, b = self.run(start, end)
                tag[a:b] = 1
            self.labels["events"] = tag
        if "sentence_ends" in document:
            tag = np.zeros(n, np.int8)
            for end in document["sentence_ends"]:
                a, b = self.run(max(0, end - 1), end)
                if a < b:
                    tag[b - 1] = 1
            self.labels["sentence_ends"] = tag

    @staticmethod
    def merged(runs):
        out = []
        for a, b in sorted(runs):
            if a >= b:
                continue
            if out and a <= out[-1][1]:
                out[-1][1] = max(out[-1][1], b)
            else:
                out.append([a, b])
        return out

    def windows(self, first_limit=LIMIT, limit=LIMIT):
        """[start, end) runs of whole paragraphs, greedily; a paragraph over the limit is cut before a sentence, or anywhere."""
        n = len(self.tokens)
        out, start, allowed = [], 0, first_limit
        while start < n:
            end = start
            while end < n:
                after = end + 1
                while after < n and not self.paragraph_start[after]:
                    after += 1
                if after - start > allowed:
                    break
                end = after
            if end == start:                                         # not even one paragraph
                end = start + allowed
                while end > start and not self.sentence_start[end]:
                    end -= 1
                if end == start:
                    end = start + allowed
            out.append((start, end))
            start, allowed = end, limit
        return out


def cue_table(readings):
    """Bucket of P(cue | word) for every word seen at least five times in the training articles and at least once in a cue."""
    total, inside = collections.Counter(), collections.Counter()
    for r in readings:
        if r.attributions is None:
            continue
        for k, (a, b) in enumerate(r.tokens):
            norm = T.norm(r.text[a:b], r.mark[k])
            total[norm] += 1
            inside[norm] += r.labels["cue"][k] > 0
    return {w: cue_bucket(inside[w] / total[w]) for w in sorted(total) if total[w] >= 5 and inside[w] >= 2}


class Batch:
    """Several windows as padded tensors."""

    def __init__(self, items):
        """items: (reading, start, end)"""
        self.items = items
        sizes = [e - s for _, s, e in items]
        n, width = len(items), max(sizes)
        self.lengths = torch.tensor(sizes)
        self.mask = torch.arange(width)[None] < self.lengths[:, None]
        features = np.zeros((n, width, len(COLUMNS)), np.int64)
        position = np.zeros((3, n, width), np.int64)                 # sentence, paragraph, quotation marks so far
        for k, (r, s, e) in enumerate(items):
            features[k, :e - s] = r.features[s:e]
            for row, values in enumerate((r.sentence, r.paragraph, r.marks)):
                position[row, k, :e - s] = values[s:e]
        self.features, self.position = torch.from_numpy(features), torch.from_numpy(position)
        self.tags = {}

    def with_pieces(self, cls, sep):
        """Piece numbers (rows, width), mask, and for each token its first piece."""
        rows, firsts = [], []
        for r, s, e in self.items:
            row, first = [cls], []
            for pieces in r.pieces[s:e]:
                first.append(len(row))
                row += pieces
            rows.append((row + [sep])[:512])
            firsts.append([min(f, 511) for f in first])
        width = max(map(len, rows))
        self.pieces = torch.tensor([row + [0] * (width - len(row)) for row in rows])
        self.piece_mask = torch.arange(width)[None] < torch.tensor([len(r) for r in rows])[:, None]
        tokens = self.mask.shape[1]
        self.first = torch.tensor([f + [0] * (tokens - len(f)) for f in firsts])
        return self

    def with_labels(self, names):
        """Labels, -100 where there is none; attributions inside the windows as cue token lists and joint labels."""
        n, width = self.mask.shape
        for name in names:
            tag = np.full((n, width), -100, np.int64)
            for k, (r, s, e) in enumerate(self.items):
                if name in r.labels:
                    tag[k, :e - s] = r.labels[name][s:e]
            self.tags[name] = torch.from_numpy(tag)
        cues, joint = [], []
        for k, (r, s, e) in enumerate(self.items):
            for item in r.attributions or ():
                inside = [t - s for a, b in item["cue"] for t in range(a, b) if s <= t < e]
                if not inside:
                    continue
                row = np.zeros(width, np.int64)
                row[e - s:] = -100
                for role, base in (("source", 1), ("content", 3)):
                    for a, b in item[role]:
                        a2, b2 = max(a, s) - s, min(b, e) - s
                        if a2 < b2:
                            row[a2:b2] = base + 1
                            row[a2] = base
                cues.append((k, inside))
                joint.append(row)
        self.cues = cues
        self.joint = torch.from_numpy(np.stack(joint)) if joint else torch.zeros((0, width), dtype=torch.long)
        return self


def epoch_batches(readings, size, random, keep=None):
    """Shuffled batches of windows of like lengths; the first window of each document has a random limit."""
    items = []
    for r in readings:
        times = 1.0 if keep is None else keep(r)
        while times > 0 and random.random() < times:
            items += [(r, s, e) for s, e in r.windows(random.randint(60, LIMIT))]
            times -= 1
    random.shuffle(items)
    groups = []
    chunk = size * 16
    for at in range(0, len(items), chunk):
        part = sorted(items[at:at + chunk], key=lambda i: i[2] - i[1])
        groups += [part[k:k + size] for k in range(0, len(part), size)]
    random.shuffle(groups)
    return groups
