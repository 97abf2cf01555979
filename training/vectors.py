"""Static word vectors of the fast model: GloVe beside what MiniLM says of the word alone, for the words that news uses most.

A row is 50 numbers of GloVe (0 where it lacks the word) and 64 principal components of MiniLM's mean output for the word,
each part scaled to a standard deviation of 0.4 and rounded to int8 with one scale a row for each part.
"""

import collections
import time

import numpy as np
import torch

from . import corpora, data, model as models, text as T

N_WORDS, N_COMPONENTS, NEWS_WORDS = 64_000, 64, 5_000_000


def glove(folder):
    """GloVe's words in order of frequency, and its rows."""
    import pyarrow.parquet
    columns = list(pyarrow.parquet.read_table(next(folder.glob("*.parquet"))).to_pydict().values())
    words = next(c for c in columns if isinstance(c[0], str))
    numbers = next((c for c in columns if isinstance(c[0], int)), range(len(words)))
    return [w for _, w in sorted(zip(numbers, words))], np.load(next(folder.glob("*.npy")), mmap_mode="r")


def news_counts(shared, n_words):
    count = collections.Counter()
    for document in corpora.news(shared, n_words, seed=7):
        text = document["text"]
        for a, b in T.tokens(text):
            count[T.norm(text[a:b], "")] += 1
    return count


def choose(counts, glove_words):
    chosen = [w for w, n in sorted(counts.items(), key=lambda x: (-x[1], x[0])) if n >= 8 and w not in "\"“”"][:N_WORDS - 8000]
    have = set(chosen)
    for word in ["``", "''", *glove_words]:
        if len(chosen) == N_WORDS:
            break
        if word not in have:
            have.add(word)
            chosen.append(word)
    return chosen


@torch.no_grad()
def encode(words, minilm, pieces):
    encoder = models.Accurate({"dropout": 0.0}, minilm / "model.safetensors").eval()
    rows = [[pieces["[CLS]"], *data.word_pieces(w, pieces)[:8], pieces["[SEP]"]] for w in words]
    out = np.zeros((len(words), 384), np.float32)
    order = sorted(range(len(rows)), key=lambda k: len(rows[k]))
    for at in range(0, len(order), 64):
        part = order[at:at + 64]
        width = max(len(rows[k]) for k in part)
        ids = torch.tensor([rows[k] + [0] * (width - len(rows[k])) for k in part])
        mask = torch.arange(width)[None] < torch.tensor([len(rows[k]) for k in part])[:, None]
        x = encoder.norm(encoder.words(ids) + encoder.positions(torch.arange(width))[None])
        for layer in encoder.layers:
            x = layer(x, mask[:, None, None], 0.0)
        x = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        out[part] = x.numpy()
    return out


def components(x, n):
    x = x - x.mean(0)
    values, vectors = np.linalg.eigh(x.T.astype(np.float64) @ x / len(x))
    return (x @ vectors[:, ::-1][:, :n]).astype(np.float32)


def build(options, minilm, glove_folder, pieces):
    """({word: row}, table); row 0 is for unknown words. Cached in runs/static.npz."""
    path = options.runs / "static.npz"
    if not path.exists():
        started = time.time()
        names, vectors = glove(glove_folder)
        place = {w: k for k, w in enumerate(names)}
        words = choose(news_counts(options.shared, NEWS_WORDS), names)
        left = np.zeros((len(words), vectors.shape[1]), np.float32)
        known = [k for k, w in enumerate(words) if w in place]
        left[known] = vectors[[place[words[k]] for k in known]]
        right = components(encode(words, minilm, pieces), N_COMPONENTS)
        table = np.zeros((len(words) + 1, left.shape[1] + right.shape[1]), np.float32)
        table[1:] = np.concatenate([left * (0.4 / left[known].std()), right * (0.4 / right.std())], 1)
        options.runs.mkdir(parents=True, exist_ok=True)
        np.savez(path, words=np.array(words), table=table)
        print(f"static vectors of {len(words)} words, {len(known)} of them in GloVe, in {time.time() - started:.0f} s", flush=True)
    saved = np.load(path)
    return {str(w): k + 1 for k, w in enumerate(saved["words"])}, round_to_int8(saved["table"])


def round_to_int8(table, split=50):
    """The table as it will be read back, so that training sees what the engine sees."""
    parts = []
    for part in (table[:, :split], table[:, split:]):
        scale = np.abs(part).max(1, keepdims=True) / 127
        scale[scale == 0] = 1
        parts.append(np.round(part / scale) * scale)
    return np.concatenate(parts, 1).astype(np.float32)
