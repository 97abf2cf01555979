"""Trains what is read of a cue beside source and content (`model.Details`), with all other weights as a run has them.

From annotations/statements.tsv; what the encoder gives is computed once, so that it takes minutes. `details.pt` holds the
weights and a mark of those that they were trained upon, `details.json` their figures on the tenth held out.
"""

import hashlib
import json
import random

import numpy as np
import torch
from torch.nn import functional as F

from . import corpora, data, decode

RECIPE = {"epochs": 24, "batch": 16, "rate": 5e-3, "decay": 0.02, "within": 60}   # within: tokens kept on either side of a cue
WEIGHTS = {"spans": 0.3, "act": 1.0, "negated": 1.0, "channel": 0.5}
PREFIX = "heads.details."


def mark(weights):
    """A name for the weights that the details are trained upon."""
    return hashlib.sha256(weights["heads.token.weight"].numpy().tobytes() + weights["heads.around.weight"].numpy().tobytes()).hexdigest()


class Example:
    """One cue: numbers of the tokens near it, the mean of its own, labels."""

    def __init__(self, h, reading, pooled, statement, labels, held_out):
        self.h, self.reading, self.pooled, self.labels, self.held_out = h, reading, pooled, labels, held_out
        self.act, self.negated = corpora.ACTS.index(statement["act"]), int(statement["negated"])
        self.channel = corpora.CHANNELS.index(statement["kind"]) if statement["kind"] else -1
        inside = (labels == CHANNEL_B) | (labels == CHANNEL_B + 1)
        self.words = h[inside].mean(0) if self.channel >= 0 and inside.any() else None


CHANNEL_B = 1 + 2 * corpora.SPANS.index("channel")


@torch.no_grad()
def examples(model, vocabulary, documents, size=12):
    items = []
    for document in documents:
        reading = data.Reading(document, vocabulary)
        for start, end in reading.windows():
            of = [(s, inside) for s in document["statements"] if (inside := tokens_of(reading, s["cue"], start, end))]
            if of:
                items.append((reading, start, end, of, document["held_out"]))
    items.sort(key=lambda item: item[2] - item[1])
    found = []
    for at in range(0, len(items), size):
        part = items[at:at + size]
        batch = data.Batch([item[:3] for item in part])
        if model.config["kind"] == "accurate":
            batch.with_pieces(vocabulary.pieces["[CLS]"], vocabulary.pieces["[SEP]"])
        h, tags = model(batch)
        cues = [(row, inside) for row, item in enumerate(part) for _, inside in item[3]]
        _, reading, pooled = model.heads.read_all(h, tags, cues, batch.position, batch.mask)
        number = 0
        for row, (document, start, end, of, held_out) in enumerate(part):
            for statement, inside in of:
                near = slice(max(0, inside[0] - RECIPE["within"]), min(end - start, inside[-1] + 1 + RECIPE["within"]))
                labels = labels_of(document, statement, start, end)[near]
                found.append(Example(h[row, near].clone(), reading[number, near].clone(), pooled[number].clone(), statement, labels, held_out))
                number += 1
    return found


def tokens_of(reading, spans, start, end):
    """Tokens of spans, counted in the window, if it has any of them."""
    return [t - start for a, b in spans for t in range(*reading.run(a, b)) if start <= t < end]


def labels_of(reading, statement, start, end):
    labels = torch.zeros(end - start, dtype=torch.long)
    for number, name in enumerate(corpora.SPANS):
        for span in statement[name]:
            inside = tokens_of(reading, [span], start, end)
            if inside:
                labels[inside] = 2 * number + 2
                labels[inside[0]] = 2 * number + 1
    return labels


def padded(part):
    width = max(len(e.labels) for e in part)

    def rows(name, value):
        return torch.stack([F.pad(getattr(e, name), (0, 0) * (getattr(e, name).dim() - 1) + (0, width - len(e.labels)), value=value) for e in part])
    return rows("h", 0.0), rows("reading", 0.0), torch.stack([e.pooled for e in part]), rows("labels", -100)


def losses(details, part):
    h, reading, pooled, labels = padded(part)
    spans, act, negated = details(h, reading, pooled, labels != -100)
    parts = {"spans": F.cross_entropy(spans.flatten(0, 1), labels.flatten(), ignore_index=-100, reduction="sum") / len(part),
             "act": F.cross_entropy(act, torch.tensor([e.act for e in part])),
             "negated": F.cross_entropy(negated, torch.tensor([e.negated for e in part]))}
    with_channel = [e for e in part if e.words is not None]
    if with_channel:
        scores = details.channel(details.dropout(torch.stack([e.words for e in with_channel])))
        parts["channel"] = F.cross_entropy(scores, torch.tensor([e.channel for e in with_channel]))
    return sum(WEIGHTS[name] * loss for name, loss in parts.items())


def fit(details, found, seed):
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    for parameter in details.parameters():
        parameter.requires_grad_(True)
    for module in details.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    torch.nn.init.normal_(details.around.weight, std=0.02)
    optimizer = torch.optim.AdamW(details.parameters(), lr=RECIPE["rate"], weight_decay=RECIPE["decay"])
    steps = RECIPE["epochs"] * -(-len(found) // RECIPE["batch"])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.02, 1 - step / steps))
    found = list(found)
    curve = []
    details.train()
    for _ in range(RECIPE["epochs"]):
        shuffle.shuffle(found)
        total = 0.0
        for at in range(0, len(found), RECIPE["batch"]):
            loss = losses(details, found[at:at + RECIPE["batch"]])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(details.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        curve.append(round(total * RECIPE["batch"] / len(found), 4))
    details.eval()
    return curve


@torch.no_grad()
def figures(details, found):
    """Accuracy of act, F1 of negated, exact and overlap F1 of each span, in percent."""
    counts = {"act": [0, len(found)], "negated": [0, 0, 0], "kind": [0, 0]}
    counts |= {name: {"exact": 0, "overlap": 0, "gold": 0, "found": 0} for name in corpora.SPANS}
    for e in found:
        scores, act, negated = (x[0] for x in details(e.h[None], e.reading[None], e.pooled[None], e.labels[None] != -100))
        counts["act"][0] += int(act.argmax()) == e.act
        says = bool(negated[1] > negated[0])
        for k, value in enumerate((says and e.negated, says, e.negated)):
            counts["negated"][k] += bool(value)
        best = decode.best_spans(scores.numpy())
        gold = decode.runs(e.labels.tolist())
        for number, name in enumerate(corpora.SPANS):
            true, told = [(a, b) for a, b, c in gold if c == number], best.get(number)
            counts[name]["gold"] += bool(true)
            counts[name]["found"] += told is not None
            if told:
                counts[name]["exact"] += told[:2] in true
                counts[name]["overlap"] += any(told[0] < b and a < told[1] for a, b in true)
        if e.words is not None:
            counts["kind"][0] += int(details.channel(e.words).argmax()) == e.channel
            counts["kind"][1] += 1

    def share(right, n):
        return round(100 * right / n, 1) if n else None
    right, says, gold = counts["negated"]
    out = {"statements": len(found), "act": share(*counts["act"]), "negated": share(2 * right, says + gold), "negated_gold": gold, "kind": share(*counts["kind"])}
    for name in corpora.SPANS:
        c = counts[name]
        both = c["gold"] + c["found"]
        out[name] = {"exact": share(2 * c["exact"], both), "overlap": share(2 * c["overlap"], both), "gold": c["gold"], "found": c["found"]}
    return out


def train(options, model, vocabulary, folder):
    documents = list(corpora.statements(options.shared))
    found = examples(model.eval(), vocabulary, documents)
    kept, held_out = [e for e in found if not e.held_out], [e for e in found if e.held_out]
    curve = fit(model.heads.details, kept, options.seed)
    told = {"trained_on": len(kept), "curve": curve, "held_out": figures(model.heads.details, held_out), "own": figures(model.heads.details, kept)}
    weights = model.state_dict()
    torch.save({"upon": mark(weights), "weights": {n: w for n, w in weights.items() if n.startswith(PREFIX)}}, folder / "details.pt")
    (folder / "details.json").write_text(json.dumps(told, indent=1))
    print(f"details of statements, on {len(held_out)} held out: {told['held_out']}", flush=True)


def load(model, folder):
    """Gives a model the details' weights of its run. An error if there are none, or if they are of other weights."""
    path = folder / "details.pt"
    saved = torch.load(path, weights_only=True) if path.exists() else None
    if saved is None or saved["upon"] != mark(model.state_dict()):
        raise SystemExit(f"{path}: {'is of other weights of this run' if saved else 'missing'}; run `heads` first")
    model.load_state_dict(saved["weights"], strict=False)
