"""From the model's numbers to statements and names. README.md gives the same rules in words for the port."""

import numpy as np
import torch

from . import data, train
from .corpora import NAME_CLASSES, SPANS

SETTINGS = {"candidate_bias": 1.0, "threshold": 0.4, "orphan": 0.6, "overlap": 0.5, "source_bias": 0.5, "content_bias": 0.0}
NONE, SOURCE_B, SOURCE_I, CONTENT_B, CONTENT_I = range(5)
JOINT_BEFORE = {SOURCE_I: (SOURCE_B, SOURCE_I), CONTENT_I: (CONTENT_B, CONTENT_I)}


def viterbi(scores, before):
    """Best labels of (rows, tokens, labels) scores, where a label in `before` may only follow those that are named."""
    rows, n, labels = scores.shape
    allowed = np.zeros((labels, labels), np.float32)
    for label, previous in before.items():
        allowed[:, label] = -1e9
        allowed[list(previous), label] = 0
    best = scores[:, 0].copy()
    for label in before:
        best[:, label] -= 1e9
    back = np.zeros((rows, n, labels), np.int8)
    for t in range(1, n):
        step = best[:, :, None] + allowed[None]
        back[:, t] = step.argmax(1)
        best = step.max(1) + scores[:, t]
    out = np.zeros((rows, n), np.int8)
    out[:, -1] = best.argmax(1)
    for t in range(n - 1, 0, -1):
        out[:, t - 1] = back[np.arange(rows), t, out[:, t]]
    return out


def bio(scores):
    """Runs [start, end, class] of one row of BIO scores (tokens, 1 + 2 classes)."""
    labels = scores.shape[1]
    path = viterbi(scores[None], {k: (k - 1, k) for k in range(2, labels, 2)})[0]
    return runs(path)


def runs(path):
    out = []
    for t, label in enumerate(path):
        if label == 0:
            continue
        if label % 2 == 1 or not out or out[-1][1] != t:
            out.append([t, t + 1, (int(label) - 1) // 2])
        else:
            out[-1][1] = t + 1
    return out


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def candidates(cue_scores, bias):
    biased = cue_scores.copy()
    biased[:, 0] -= bias
    p = 1 - softmax(cue_scores)[:, 0]
    return [(a, b, float(p[a:b].mean())) for a, b, _ in bio(biased)]


@torch.no_grad()
def outputs(model, vocabulary, readings, batch_size=16, with_details=False):
    """For every window of every reading: (reading number, start, end, tag scores, candidate cues, joint scores, details).

    Details are left empty unless they are asked for: labelling and scoring need none."""
    items = [(k, s, e) for k, r in enumerate(readings) for s, e in r.windows()]
    order = sorted(range(len(items)), key=lambda i: items[i][2] - items[i][1])
    done = [None] * len(items)
    accurate = model.config["kind"] == "accurate"
    for at in range(0, len(order), batch_size):
        numbers = order[at:at + batch_size]
        batch = data.Batch([(readings[items[i][0]], *items[i][1:]) for i in numbers])
        if accurate:
            batch.with_pieces(vocabulary.pieces["[CLS]"], vocabulary.pieces["[SEP]"])
        h, tags = model(batch)
        found, cues = [], []
        for row, i in enumerate(numbers):
            n = int(batch.lengths[row])
            of = candidates(tags["cue"][row, :n].numpy(), SETTINGS["candidate_bias"])
            found.append(of)
            cues += [(row, list(range(a, b))) for a, b, _ in of]
        joint = details = None
        if cues:
            joint, reading, pooled = model.heads.read_all(h, tags, cues, batch.position, batch.mask)
            joint = joint.numpy()
            if with_details:
                rows = [row for row, _ in cues]
                details = [d.numpy() for d in model.heads.details(h[rows], reading, pooled, batch.mask[rows])]
        at_cue = 0
        for row, i in enumerate(numbers):
            n = int(batch.lengths[row])
            k = len(found[row])
            done[i] = (*items[i], {name: t[row, :n].numpy() for name, t in tags.items()}, found[row],
                       joint[at_cue:at_cue + k, :n] if k else None, details_of(details, at_cue, k, n, h[row], model) if details else [])
            at_cue += k
    return done


def details_of(scores, first, k, n, h, model):
    """For each of `k` cues of a window of `n` tokens: scores of spans, act, negation and of the kind of channel, and the spans."""
    out = []
    for spans, act, negated in zip(*(s[first:first + k] for s in scores)):
        best = best_spans(spans[:n])
        channel = best.get(SPANS.index("channel"))
        kind = model.heads.details.channel(h[channel[0]:channel[1]].mean(0)).numpy() if channel else None
        out.append({"spans": spans[:n], "act": act, "negated": negated, "kind": kind, "best": best})
    return out


def best_spans(scores):
    """{number in SPANS: (start, end, mean probability)}: of each the run with the highest sum of scores over none."""
    p = 1 - softmax(scores)[:, 0]
    best = {}
    for a, b, number in bio(scores):
        weight = float((scores[a:b, 2 * number + 1:2 * number + 3].max(-1) - scores[a:b, 0]).sum())
        if number not in best or weight > best[number][0]:
            best[number] = (weight, a, b, float(p[a:b].mean()))
    return {number: found[1:] for number, found in best.items()}


def statements(window, reading, settings=SETTINGS):
    """Statements of one window as token runs of the document: {source, cue, content, confidence}."""
    _, start, _, tags, cues, joint, _ = window
    found = []
    if cues:
        joint = joint.copy()
        joint[:, :, 1:3] += settings["source_bias"]
        joint[:, :, 3:5] += settings["content_bias"]
        for k, (a, b, _) in enumerate(cues):
            joint[k, a:b, 1:] = -1e9
        p = softmax(joint)
        paths = viterbi(joint, JOINT_BEFORE)
        for k, (a, b, p_cue) in enumerate(cues):
            spans = runs(paths[k])
            content = [(s, e) for s, e, c in spans if c == 1]
            if not content:
                continue
            sources = [(float((joint[k, s:e, 1:3].max(-1) - joint[k, s:e, 0]).sum()), s, e) for s, e, c in spans if c == 0]
            source = max(sources)[1:] if sources else None
            p_content = np.concatenate([1 - p[k, s:e, 0] for s, e in content]).mean()
            found.append({"source": [source] if source else [], "cue": [(a, b)], "content": content, "p_cue": p_cue, "confidence": float(p_cue * p_content)})
    found.sort(key=lambda f: -f["confidence"])
    kept = []
    for f in found:
        if f["confidence"] < settings["threshold"]:
            continue
        tokens = {t for s, e in f["content"] for t in range(s, e)}
        if any(len(tokens & o["tokens"]) > settings["overlap"] * min(len(tokens), len(o["tokens"])) for o in kept):
            continue
        f["tokens"] = tokens
        kept.append(f)
    kept += orphans(tags, kept, start, reading, settings)
    for f in kept:
        for role in ("source", "cue", "content"):
            f[role] = [(start + s, start + e) for s, e in f[role]]
    return sorted(kept, key=lambda f: f["content"][0])


def orphans(tags, kept, start, reading, settings):
    """Contents whose cue was missed: kept where a source that nobody uses stands in the same sentence."""
    taken = set().union(*[f["tokens"] for f in kept]) if kept else set()
    used = {t for f in kept for s, e in f["source"] + f["cue"] for t in range(s, e)}
    sources = [(s, e) for s, e, _ in bio(tags["source"]) if not used & set(range(s, e)) and not taken & set(range(s, e))]
    p = 1 - softmax(tags["content"])[:, 0]
    out = []
    for s, e, _ in bio(tags["content"]):
        if taken & set(range(s, e)) or used & set(range(s, e)) or p[s:e].mean() < settings["orphan"]:
            continue
        sentences = set(reading.sentence[start + s:start + e])
        near = [x for x in sources if reading.sentence[start + x[0]] in sentences]
        if near:
            source = min(near, key=lambda x: max(s - x[1], x[0] - e))
            sources.remove(source)
            out.append({"source": [source], "cue": [], "content": [(s, e)], "p_cue": 0.0, "confidence": float(p[s:e].mean()) * 0.5,
                        "tokens": set(range(s, e))})
    return out


def read(model, vocabulary, readings, settings=SETTINGS, windows=None):
    """(statements, names) of each reading, spans in code points."""
    windows = windows or outputs(model, vocabulary, readings)
    result = [([], []) for _ in readings]
    for window in windows:
        number, start = window[:2]
        reading = readings[number]

        def span(a, b):
            return [reading.tokens[a][0], reading.tokens[b - 1][1]]
        for f in statements(window, reading, settings):
            result[number][0].append({**{role: [span(a, b) for a, b in f[role]] for role in ("source", "cue", "content")},
                                      "confidence": f["confidence"]})
        for a, b, c in bio(window[3]["names"]):
            result[number][1].append((*span(start + a, start + b), NAME_CLASSES[c]))
    return result
