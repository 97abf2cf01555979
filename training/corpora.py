"""The corpora as documents of one form.

A document is a dict: id, text, and what is annotated of it, in code points:
  attributions  [{source, cue, content: lists of [start, end]}]
  names         [(start, end, class)], class person, organization, place or other; nominals [(start, end, class)], one
                head word each; sentence_ends: the last character of each sentence; upos [(start, end, tag)]; events [(start, end)],
  the head words of phrases that name something that happens
A kind of annotation that a corpus lacks is not in the dict, and the model is then not trained on it there.
"""

import collections
import json
import lzma
import re
import sys
from pathlib import Path

GUM_GENRES = {"academic", "bio", "conversation", "court", "interview", "news", "speech", "textbook", "vlog", "voyage"}
NAME_CLASSES = ["person", "organization", "place", "group", "event", "work", "other"]
NOMINAL_CLASSES = ["person", "organization", "place"]
UPOS = ["ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"]
GUM_NAMES = {"person": "person", "organization": "organization", "place": "place", "event": "event", "object": "other",
             "abstract": "other", "animal": "other", "plant": "other", "substance": None, "time": None}
TWEET_NAMES = {"per": "person", "person": "person", "org": "organization", "corporation": "organization", "group": "organization",
               "loc": "place", "location": "place", "product": "other", "creative-work": "work"}
TITLE = re.compile(r"(?:(?:the|a|an|mr|mrs|ms|dr|sir|president|vice|prime|minister|secretary|senator|representative|governor|general|major|"
                   r"colonel|captain|lieutenant|sergeant|king|queen|prince|princess|pope|judge|justice|professor|mayor|ambassador|"
                   r"chancellor|sheikh|former|foreign|defense|defence|interior|chairman|director)\b\.?-?)\s*", re.IGNORECASE)
STATEMENTS = Path(__file__).resolve().parent / "annotations/statements.tsv"
ACTS = ["assert", "deny", "promise", "demand", "request", "offer", "accuse", "threaten", "reject", "agree", "ask", "thank", "condemn",
        "express", "other"]
CHANNELS = ["tweet", "post", "call", "letter", "speech", "interview", "briefing", "report", "statement", "broadcast"]
SPANS = ["addressee", "channel", "via"]                              # what of a statement is marked in words
ENTITY = re.compile(r"\((\d+)-([a-z]+)-([^()]*)(\))?|(\d+)\)")


def use_scorers(folder):
    """Make the modules of the evaluation folder importable."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def polnear(shared, part):
    use_scorers(shared / "eval")
    import standoff
    documents, _ = standoff.load_brat(shared / "data/attribution/polnear" / part)
    return [{"id": d["id"], "text": d["text"], "attributions": d["gold"]} for d in documents]


def gum(shared):
    documents = []
    for path in sorted((shared / "data/ner/gum/train").glob("*.conllu")):
        genre = path.stem.split("_")[1]
        if genre not in GUM_GENRES:
            raise ValueError(f"{path.name}: {genre} is not one of the free genres")
        documents.append(read_gum(path))
    return documents


def read_gum(path):
    text, spans, upos, xpos, heads = [], [], [], [], []
    opened, mentions, ends = {}, [], []
    length, gap, skip_until, sentence_base = 0, "", 0, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar"):
            gap = "\n\n" if length else ""
            continue
        if not line:
            ends.append(length)
            sentence_base = len(spans)
            continue
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        key, form, misc = columns[0], columns[1], columns[9]
        if "." in key:
            continue
        space = "" if "SpaceAfter=No" in misc else " "
        if "-" in key:                                               # a word of several tokens, "don't"
            first, last = map(int, key.split("-"))
            text.append(gap + form)
            length += len(gap)
            group_start, group_form, skip_until, group_last, group_at = length, form, last, last, 0
            length += len(form)
            gap = space
            continue
        number = int(key)
        if number <= skip_until:
            at = group_form.find(form, group_at)
            if at < 0:
                at, size = min(group_at, len(group_form) - 1), max(1, len(group_form) - group_at)
            else:
                size = len(form)
            spans.append((group_start + at, group_start + at + size))
            group_at = min(at + size, len(group_form) - 1) if number < group_last else at + size
            if number == group_last:
                skip_until = 0
        else:
            text.append(gap + form)
            length += len(gap)
            spans.append((length, length + len(form)))
            length += len(form)
            gap = space
        upos.append(columns[3])
        xpos.append(columns[4])
        heads.append(sentence_base + int(columns[6]) - 1 if columns[6].isdigit() and columns[6] != "0" else -1)
        index = len(spans) - 1
        entity = re.search(r"Entity=([^|]*)", misc)
        for match in ENTITY.finditer(entity[1]) if entity else ():
            if match[5]:
                begun = opened[match[5]].pop()
                mentions.append((*begun, index))
            else:
                fields = match[3].split("-")
                begun = (index, match[2], fields[3])
                if match[4]:
                    mentions.append((*begun, index))
                else:
                    opened.setdefault(match[1], []).append(begun)
    names, nominals, events = [], [], []
    for start, kind, minimal, stop in mentions:
        words = [start + int(n) - 1 for n in minimal.split(",") if n.isdigit()] or [start]
        inside = [w for w in words if not words[0] <= heads[w] <= words[-1]]
        head = inside[0] if inside else words[-1]
        if kind == "event" and upos[head] in ("NOUN", "PROPN", "VERB"):
            events.append(spans[head])
        if upos[head] == "PROPN":
            kind = GUM_NAMES.get(kind)
            if kind == "person" and xpos[head] == "NNPS":            # Muslims, Afghans: a people is no person
                kind = "group"
            if kind:
                names.append((spans[words[0]][0], spans[words[-1]][1], kind))
        elif upos[head] == "NOUN" and kind in NOMINAL_CLASSES:
            nominals.append((*spans[head], kind))
    text = "".join(text)
    names = outermost(without_titles(text, names))
    tags = [(*span, tag) for span, tag in zip(spans, upos) if tag in UPOS]
    return {"id": path.stem, "text": text, "names": names, "nominals": nominals, "sentence_ends": ends, "upos": tags, "events": events}


def web(shared):
    """English Web Treebank: parts of speech and sentence ends."""
    documents = []
    for path in sorted((shared / "data/ud/english-ewt").glob("*train*.conllu")):
        parts = re.split(r"(?m)^# newdoc", path.read_text(encoding="utf-8"))
        for number, part in enumerate(parts[1:]):
            documents.append(read_web(f"ewt-{number}", part))
    return documents


def read_web(name, lines):
    text, length, tags, ends, gap, skip_until = [], 0, [], [], "", 0
    for line in lines.splitlines():
        if line.startswith("# newpar"):
            gap = "\n\n" if length else ""
        if not line:
            ends.append(length)
        columns = line.split("\t")
        if len(columns) < 10 or "." in columns[0]:
            continue
        space = "" if "SpaceAfter=No" in columns[9] else " "
        if "-" in columns[0]:
            skip_until = int(columns[0].split("-")[1])
        elif int(columns[0]) <= skip_until:                          # part of "don't": its word was taken as one
            skip_until = 0 if int(columns[0]) == skip_until else skip_until
            continue
        text.append(gap + columns[1])
        length += len(gap)
        if columns[3] in UPOS:
            tags.append((length, length + len(columns[1]), columns[3]))
        length += len(columns[1])
        gap = space
    return {"id": name, "text": "".join(text), "upos": tags, "sentence_ends": sorted(set(ends))}


def without_titles(text, names):
    """Persons' names less leading titles; a title alone ("Director", "Chairman of the Centre for …") is no name."""
    for start, end, kind in names:
        if kind == "person":
            while (match := TITLE.match(text, start, end)):
                start = match.end()
            if text.startswith(("of ", "for ", "to "), start):
                continue
        if start < end:
            yield start, end, kind


def outermost(spans):
    kept = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def tweets(shared):
    documents = []
    paths = sorted((shared / "data/ner/btc").glob("*.conll")) + sorted((shared / "data/ner/wnut17").glob("*.conll"))
    for path in paths:
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
        for start in range(0, len(blocks), 12):
            documents.append(read_tweets(f"{path.stem}-{start}", blocks[start:start + 12]))
    return documents


def read_tweets(name, blocks):
    text, names, length = [], [], 0
    for block in blocks:
        open_name = None
        for line in block.splitlines():
            parts = line.split()
            if len(parts) < 2:
                continue
            word, label = parts[0], parts[-1]
            kind = TWEET_NAMES.get(label[2:].lower())
            if open_name and not (label.startswith("I-") and kind == open_name[2]):
                names.append(tuple(open_name))
                open_name = None
            if kind and open_name:
                open_name[1] = length + len(word)
            elif kind:
                open_name = [length, length + len(word), kind]
            text.append(word + " ")
            length += len(word) + 1
        if open_name:
            names.append(tuple(open_name))
        text.append("\n\n")
        length += 2
    return {"id": name, "text": "".join(text), "names": names}


def own_names(shared):
    """News articles whose names we marked ourselves: annotations/names.tsv has positions, the text is in `data/news`."""
    marked = collections.defaultdict(list)
    lines = (Path(__file__).parent / "annotations/names.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        article, start, end, kind = line.split("\t")
        marked[article] += [(int(start), int(end), kind)] if kind else []
    with lzma.open(shared / "data/news/allsides.jsonl.xz", "rt", encoding="utf-8") as rows:
        for article in map(json.loads, rows):
            if article["id"] in marked:
                yield {"id": "own-" + article["id"], "text": opening(article["text"]), "names": marked[article["id"]]}


def opening(text, words=330):
    """The first paragraphs of an article, those of less than four words left out, until there are more than `words`."""
    kept, count = [], 0
    for paragraph in re.sub(r"\s*\n\s*", "\n\n", text.strip()).split("\n\n"):
        size = len(paragraph.split())
        if size >= 4 and count <= words:
            kept.append(paragraph)
            count += size
    return "\n\n".join(kept)


def news(shared, limit_words, seed=0):
    """Unlabelled news, September to December 2016 left out, in an order that depends on the seed only."""
    import hashlib
    rows = []
    with lzma.open(shared / "data/news/allsides.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            date = article.get("date") or ""
            if "2016-09" <= date[:7] <= "2016-12" or not date:
                continue
            rows.append((hashlib.sha256(f"{seed}{article['id']}".encode()).hexdigest(), article))
    rows.sort(key=lambda row: row[0])
    count = 0
    for _, article in rows:
        text = article_text(article)
        words = len(text.split())
        if words < 80:
            continue
        yield {"id": str(article["id"]), "text": text}
        count += words
        if count >= limit_words:
            return


def article_text(article):
    """The text of one row of `data/news`: paragraphs parted by blank lines, 8000 characters at most."""
    return re.sub(r"\s*\n\s*", "\n\n", article["text"].strip())[:8000]


def statements(shared):
    """The documents of annotations/statements.tsv with what is marked there, in its order, as `statements`: dicts of
    cue [(start, end)], act, negated, kind (the channel's, or None) and the spans of each of `SPANS`. A tenth is `held_out`."""
    import collections
    marked = collections.defaultdict(list)
    lines = STATEMENTS.read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        corpus, document, cue, act, negated, addressee, kind, channel, via = line.split("\t")
        marked[corpus, document].append({"cue": spans_of(cue), "act": act, "negated": negated == "1", "addressee": spans_of(addressee),
                                         "kind": kind or None, "channel": spans_of(channel), "via": spans_of(via)})
    texts = {("polnear", d["id"]): d["text"] for d in polnear(shared, "train")}
    with lzma.open(shared / "data/news/allsides.jsonl.xz", "rt", encoding="utf-8") as rows:
        for article in map(json.loads, rows):
            if ("news", str(article["id"])) in marked:
                texts["news", str(article["id"])] = article_text(article)
    for key, items in marked.items():
        yield {"id": "/".join(key), "text": texts[key], "statements": items, "held_out": is_held_out("/".join(key))}


def spans_of(cell):
    """"3-9 12-20" as pairs of numbers."""
    return [tuple(map(int, span.split("-"))) for span in cell.split()]


def is_held_out(document):
    """Whether a document is in the tenth that the heads are measured on and not trained with."""
    import hashlib
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % 10 == 0
