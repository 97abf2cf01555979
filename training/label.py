"""A teacher's labels of plain news for a fast model: probabilities of the taggers, and statements."""

import pickle
import time

import numpy as np
import torch

from . import corpora, data, decode, model as models, train as training

SOFT = ["source", "cue", "content", "names", "nominals", "sentence_ends", "events", "upos"]


def soften(windows, readings):
    for number, start, end, tags, _, _, _ in windows:
        r = readings[number]
        if not hasattr(r, "soft"):
            r.soft = {name: np.zeros((len(r.tokens), models.TAGGERS[name]), np.float16) for name in SOFT}
        for name in SOFT:
            r.soft[name][start:end] = decode.softmax(tags[name])


def silver(windows, readings):
    """The teacher's statements as if they were gold; the taggers learn from its probabilities."""
    for r in readings:
        r.attributions, r.silver = [], True
        for name in SOFT:
            r.labels[name] = np.zeros(len(r.tokens), np.int8)
    for window in windows:
        r = readings[window[0]]
        r.attributions += [{role: f[role] for role in ("source", "cue", "content")} for f in decode.statements(window, r) if f["cue"]]
    for r in readings:
        for item in r.attributions:
            for role, spans in item.items():
                for a, b in spans:
                    r.labels[role][a:b] = 2
                    r.labels[role][a] = 1


@torch.no_grad()
def label(options, teacher, words):
    """Labels news of at least so many words, or the share `--part K/N` of it, so that several processes can label at once."""
    number, parts = map(int, options.part.split("/"))
    path = options.runs / teacher / f"labels-{number}.pickle"
    if path.exists():
        return
    documents = list(corpora.news(options.shared, words))[number::parts]
    model, vocabulary = training.load(options, teacher, options.which)
    started, count, plain = time.time(), 0, []
    for at in range(0, len(documents), 50):
        part = [data.Reading(d, vocabulary) for d in documents[at:at + 50]]
        windows = decode.outputs(model, vocabulary, part)
        soften(windows, part)
        silver(windows, part)
        for r in part:
            del r.pieces
            count += len(r.tokens)
        plain += part
        if time.time() - started > options.minutes * 60:
            break
        print(f"news: {len(plain)} articles, {count} tokens, {time.time() - started:.0f} s", flush=True)
    with path.open("wb") as file:
        pickle.dump(plain, file)


def labelled(options, teacher):
    """What all processes have labelled, in the order of their numbers."""
    plain = []
    for path in sorted((options.runs / teacher).glob("labels-*.pickle")):
        with path.open("rb") as file:
            plain += pickle.load(file)
    return plain
