"""A teacher's labels for a fast model: soft tags on the gold corpora and on plain news, and its statements on the news."""

import pickle
import time

import numpy as np
import torch

from . import corpora, data, decode, model as models, train as training

SOFT = ["source", "cue", "content", "names", "nominals", "sentence_ends"]


def soften(windows, readings):
    for number, start, end, tags, _, _ in windows:
        r = readings[number]
        if not hasattr(r, "soft"):
            r.soft = {name: np.zeros((len(r.tokens), models.TAGGERS[name]), np.float16) for name in SOFT}
        for name in SOFT:
            r.soft[name][start:end] = decode.softmax(tags[name])


def silver(windows, readings):
    """The teacher's statements as if they were gold: tokens it is unsure of stay soft in the taggers."""
    for r in readings:
        r.attributions = []
        n = len(r.tokens)
        for name in SOFT:
            r.labels[name] = np.zeros(n, np.int8)
    for window in windows:
        r = readings[window[0]]
        r.attributions += [f for f in decode.statements(window, r) if f["cue"]]


@torch.no_grad()
def label(options, teacher, words):
    path = options.runs / teacher / "labels.pickle"
    if path.exists():
        with path.open("rb") as file:
            return pickle.load(file)
    model, vocabulary = training.load(options, teacher, options.which)
    prepared = training.prepare(options)
    gold = [r for rs in prepared["readings"].values() for r in rs]
    started = time.time()
    soft = {}
    for at in range(0, len(gold), 50):
        part = gold[at:at + 50]
        soften(decode.outputs(model, vocabulary, part), part)
        for r in part:
            soft[r.id] = r.soft
    print(f"gold labelled in {time.time() - started:.0f} s", flush=True)
    plain, count = [], 0
    documents = list(corpora.news(options.shared, words))
    for at in range(0, len(documents), 50):
        part = [data.Reading(d, vocabulary) for d in documents[at:at + 50]]
        windows = decode.outputs(model, vocabulary, part)
        soften(windows, part)
        silver(windows, part)
        for r in part:
            del r.pieces
            count += len(r.tokens)
        plain += part
        print(f"news: {len(plain)} articles, {count} tokens, {time.time() - started:.0f} s", flush=True)
    with path.open("wb") as file:
        pickle.dump((soft, plain), file)
    return soft, plain
