"""Learns the weights by which the engine chooses whom a pronoun or a role noun means.

    python -m training.coreference --shared ../shared [--out crates/annotate/lang/en/antecedents.tsv]

From GUM (chains of mentions) and GAP (one pronoun, two names a text) the anaphors are taken: pronouns that may be
subjects, and definite or possessive noun phrases of persons and bodies. The engine itself finds the candidates and
their features (the ignored test `write_features` in `crates/annotate/src/antecedents.rs`), so that they are the same
here and there. The model is log-linear: of the candidates and "nobody" the right one should have the highest sum of
weights. A weight is the sum of one shared by all kinds of anaphors and one of its own, both held small. Every seventh
document of GUM and GAP's validation part are held out; what the weights reach on them is printed next to what the
nearest subject or speaker reaches, the rule from before. Then they are learnt again from all. Numpy only, a minute.
"""

import argparse
import collections
import csv
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "crates" / "annotate" / "lang" / "en" / "antecedents.tsv"
PRONOUNS = {"he", "she", "it", "they"}
UNLIKE_NEWS = {"conversation", "vlog"}
KINDS = {"person", "organization"}
RULE = "first-in-order-of-subjects"
ANAPHORS = ["person", "thing", "several", "role", "body"]
# What the weights are before any data: the rule from before, that a bare "the envoy" means somebody, and that agencies
# pass on what others say.
PRIOR = {RULE: 1.5, "second-in-order-of-subjects": 0.5, "passes-on-news": -1.0,
         "passes-on-news-as-the-noun-says": 2.0, "definite-without-more": -1.0, "kind-unknown": -0.5}
HEADER = """# What speaks for and against those whom a pronoun or a role noun may mean; made by training/coreference.py.
# The weights of a candidate's features add up; it must pass the sum for "nobody". One column for each kind of anaphor:
# person (he, she), thing (it), several (they), role (the envoy), body (the ministry).
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder with the data")
    parser.add_argument("--out", type=Path, default=TABLE, help="the table to write")
    parser.add_argument("--decay", type=float, default=0.003, help="how small weights are held")
    parser.add_argument("--source-weight", type=float, default=4.0, help="what the source of a statement counts")
    parser.add_argument("--new-weight", type=float, default=0.3, help="what a phrase counts that is new in its text")
    parser.add_argument("--gap-weight", type=float, default=0.3, help="what a text of GAP counts")
    args = parser.parse_args()
    documents = [read_gum(path) for path in sorted((args.shared / "data/ner/gum/train").glob("*.conllu"))
                 if path.name.split("_")[1] not in UNLIKE_NEWS]
    for number, document in enumerate(documents):
        document["held_out"] = number % 7 == 3
    for part in ("development", "validation", "test"):
        documents += read_gap(args.shared / f"data/coreference/gap/gap-{part}.tsv", part == "validation")
    examples = [example for document, answers in zip(documents, ask(documents), strict=True)
                for example in label(document, answers)]
    for example in examples:
        example["weight"] = args.gap_weight if example["corpus"] == "gap" else 1.0
        example["weight"] *= args.source_weight if example["source"] else 1.0
        example["weight"] *= args.new_weight if example["new"] else 1.0
    # A "he" that says something is seldom nobody; elsewhere it often is somebody without a name.
    examples = [e for e in examples if e["right"] or e["source"] or e["anaphor"] != "person"]
    features = sorted({f for e in examples for c in [*e["candidates"], e["nobody"]] for f in c})
    weights = learn([e for e in examples if not e["held_out"]], features, args.decay)
    report([e for e in examples if not e["held_out"]], weights, "train")
    report([e for e in examples if e["held_out"]], weights, "held out")
    write(args.out, learn(examples, features, args.decay), features)


def read_gum(path):
    """Text, spans of anaphors, and the chain of each mention."""
    text, size, gap, paragraphs = [], 0, "", [0]
    opened, mentions, words, skip = collections.defaultdict(list), [], [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar") and not line.startswith("# newpar_block") and size:
            paragraphs += [size, size + 2]
            gap = "\n\n"
        if not line:
            skip = 0
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if "." in columns[0]:
            continue
        space = "" if "SpaceAfter=No" in columns[9] else " "
        if "-" in columns[0] or int(columns[0]) > skip:
            form = gap + columns[1]
            at, size = size + len(gap.encode()), size + len(form.encode())
            text.append(form)
            gap = space
            left = at
        if "-" in columns[0]:
            skip = int(columns[0].split("-")[1])
            continue
        # A word of several tokens, "don't": the tokens lie one after another in it.
        end = min(size, left + len(columns[1].encode())) if int(columns[0]) <= skip else size
        words.append((left, max(end, left + 1), columns[1], columns[3]))
        left = end
        index = len(words) - 1
        entity = re.search(r"Entity=([^|]*)", columns[9])
        for opening, name, closing, closes in brackets(entity[1]) if entity else ():
            if opening:
                fields = opening.split("-")
                opened[name].append((index, fields[1], fields[2], fields[5] if len(fields) > 5 else ""))
            if (closing or closes) and opened[name]:
                mentions.append((*opened[name].pop(), index, name))
    paragraphs.append(size)
    return {"corpus": "gum", "text": "".join(text), "paragraphs": list(zip(paragraphs[::2], paragraphs[1::2])),
            **anaphors(mentions, words)}


def brackets(written):
    """(fields, chain, closed here, closes an older one) of the brackets of an Entity annotation."""
    for match in re.finditer(r"\(([^()]+)(\))?|([^()]+)\)", written):
        if match[1]:
            yield match[1], match[1].split("-")[0], bool(match[2]), False
        else:
            yield "", match[3], False, True


def anaphors(mentions, words):
    spans, chains, asked = [], [], []
    for start, kind, status, minimal, end, chain in mentions:
        span = (words[start][0], words[end][1])
        heads = [start + int(n) - 1 for n in minimal.split(",") if n.isdigit()]
        head = heads[-1] if heads else end
        spans.append(span)
        chains.append((chain, words[min(head, len(words) - 1)]))
        first = words[start]
        pronoun = start == end and first[2].lower() in PRONOUNS
        definite = first[2].lower() == "the" or first[3] == "PRON" and end > start
        pronoun = pronoun and kind in (KINDS | {"place"} if first[2].lower() == "it" else KINDS)
        core = head < len(words) and words[head][3] == "NOUN" and kind in KINDS and definite and head <= end
        if pronoun or core:
            asked.append((*span, chain, status.startswith("new")))
    asked.sort()
    return {"phrases": [one[:2] for one in asked], "chains": [one[2] for one in asked],
            "new": [one[3] for one in asked],
            "mentions": [(*span, chain, head) for span, (chain, head) in zip(spans, chains)]}


def read_gap(path, held_out):
    documents = []
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = row["Text"]

            def span(key, offset):
                start = int(row[offset])
                return len(text[:start].encode()), len(text[:start + len(row[key])].encode())
            if row["Pronoun"].lower() not in PRONOUNS:
                continue
            pronoun = span("Pronoun", "Pronoun-offset")
            names = [(*span(k, f"{k}-offset"), row[f"{k}-coref"] == "TRUE") for k in "AB"]
            if any(right for *_, right in names):
                documents.append({"corpus": "gap", "text": text, "paragraphs": [(0, len(text.encode()))],
                                  "phrases": [pronoun], "names": names, "held_out": held_out})
    return documents


def ask(documents):
    """For each document the engine's candidates for its phrases."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "in"), Path(folder, "out")
        keys = ("text", "paragraphs", "phrases")
        asked.write_text("".join(json.dumps({k: d[k] for k in keys}) + "\n" for d in documents), encoding="utf-8")
        environment = os.environ | {"ANTECEDENTS_IN": str(asked), "ANTECEDENTS_OUT": str(answered)}
        command = ["cargo", "test", "--release", "-q", "-j1", "-p", "rapporteur-annotate", "--lib", "--",
                   "--ignored", "write_features"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
        return [json.loads(line) for line in answered.read_text(encoding="utf-8").splitlines()]


def label(document, answers):
    """Examples with the numbers of the right candidates; without any, nobody is right."""
    for number, answer in enumerate(answers):
        if not answer:
            continue
        start, end = document["phrases"][number]
        if document["corpus"] == "gap":
            wanted = [(s, e) for s, e, right in document["names"] if right]
            right = {n for n, c in enumerate(answer["candidates"])
                     if any(s < e2 and s2 < e for s, e in c["mentions"] for s2, e2 in wanted)}
            if not right:
                continue
            known = True
        else:
            chain = document["chains"][number]
            right = {n for n, c in enumerate(answer["candidates"]) if is_of(c, document, chain, start)}
            known = False
        if right or not known:
            yield {"corpus": document["corpus"], "held_out": document["held_out"], "anaphor": answer["anaphor"], "source": answer["source"],
                   "new": document["corpus"] == "gum" and document["new"][number],
                   "candidates": [c["features"] for c in answer["candidates"]], "nobody": answer["nobody"],
                   "right": right}


def is_of(candidate, document, chain, start):
    """Whether most of a candidate's mentions before the anaphor are heads of mentions of the chain."""
    before = [(s, e) for s, e in candidate["mentions"] if s < start] or candidate["mentions"]
    votes = 0
    for s, e in before:
        votes += any(c == chain and s <= head[0] < e for _, _, c, head in document["mentions"])
    return 2 * votes > len(before)


def learn(examples, features, decay, steps=400):
    """Adam on the log-likelihood; returns weights[anaphor, feature]."""
    column = {f: n for n, f in enumerate(features)}
    size = len(features)
    rows, spans, kinds, targets, counts = [], [], [], [], []
    for example in examples:
        first = len(rows)
        for names in [*example["candidates"], example["nobody"]]:
            row = np.zeros(size, dtype=np.float32)
            row[[column[name] for name in names]] = 1
            rows.append(row)
        target = np.zeros(len(rows) - first)
        for n in example["right"] or {len(example["candidates"])}:
            target[n] = 1
        spans.append(first)
        kinds += [ANAPHORS.index(example["anaphor"])] * (len(rows) - first)
        targets.append(target)
        counts += [example["weight"]] * (len(rows) - first)
    x, kind, target = np.stack(rows), np.array(kinds), np.concatenate(targets)
    counts, group = np.array(counts), np.repeat(np.arange(len(spans)), np.diff([*spans, len(rows)]))
    prior = np.array([PRIOR.get(f, 0.0) for f in features])
    shared, own = prior.copy(), np.zeros((len(ANAPHORS), size))
    moments = [[np.zeros_like(p), np.zeros_like(p)] for p in (shared, own)]
    for step in range(1, steps + 1):
        score = np.einsum("ij,ij->i", x, (shared + own)[kind])
        score -= np.maximum.reduceat(score, spans)[group]
        e = np.exp(score)
        p = e / np.add.reduceat(e, spans)[group]
        q = e * target
        q /= np.add.reduceat(q, spans)[group]
        error = (p - q) * counts
        gradient = np.stack([x[kind == k].T @ error[kind == k] for k in range(len(ANAPHORS))]) / counts[spans].sum()
        gradients = [gradient.sum(0) + decay * (shared - prior), gradient + decay * own]
        for parameter, g, (m, v) in zip((shared, own), gradients, moments):
            m += 0.1 * (g - m)
            v += 0.01 * (g * g - v)
            parameter -= 0.05 * (m / (1 - 0.9 ** step)) / (np.sqrt(v / (1 - 0.99 ** step)) + 1e-8)
    weights = shared + own
    return {a: dict(zip(features, weights[n])) for n, a in enumerate(ANAPHORS)}


def report(examples, weights, part):
    """How often the weights and the rule choose right, and how often a choice is made."""
    groups = collections.defaultdict(list)
    for example in examples:
        groups[example["corpus"], example["anaphor"]].append(example)
        if example["source"]:
            groups["sources", example["anaphor"]].append(example)
    for key, group in sorted(groups.items()):
        w = weights[key[1]]
        ranked = ruled = chosen = right_of_chosen = open_ = 0
        for example in group:
            scores = [sum(w[f] for f in c) for c in example["candidates"]]
            nobody = sum(w[f] for f in example["nobody"])
            best = int(np.argmax(scores)) if scores and max(scores) > nobody else None
            rule = next((n for n, c in enumerate(example["candidates"]) if RULE in c), None)
            wanted = example["right"] or {None}
            ranked += best in wanted
            ruled += rule in wanted
            chosen += best is not None
            right_of_chosen += best is not None and best in wanted
            open_ += wanted == {None}
        n = len(group)
        print(f"{part:8} {key[0]:7} {key[1]:8} n {n:5}  nobody right {open_:4}  rule {100 * ruled / n:5.1f}  "
              f"weights {100 * ranked / n:5.1f}  chosen {chosen:4}, of these right "
              f"{100 * right_of_chosen / max(1, chosen):5.1f}")


def write(path, weights, features):
    lines = ["\t".join(["feature", *ANAPHORS])]
    lines += ["\t".join([f, *(f"{weights[a][f]:.2f}" for a in ANAPHORS)]) for f in features]
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
