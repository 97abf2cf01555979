"""Fits how statements of rules and model are joined (crates/annotate/models/joining.tsv): how likely each form is right.

The engine's example program `evidence` prints what rules and model each find; a logistic regression for each form, held
near that of all forms together, then tells from the model's confidence how likely the statement is right. The threshold
`least` is the one with the best Attribution F1. Fitted on PolNeAR's development part; the calibration error is
measured on articles that a fit of five left out.
"""

import json
import subprocess
from pathlib import Path

import numpy as np

from . import corpora

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "crates/annotate/models/joining.tsv"
FORMS = ["Quotation", "That", "Clause", "After", "According", "Question", "Infinitive", "Noun", "Turn", "Learned", "LearnedQuotation"]
PRIOR = {"silent": 2.0, "bias": 4.0, "factor": 8.0}                   # weight of the pull towards all forms together
TURN = (1.4, 1.4, 0.3)                                                # no transcripts in the data
FLOOR = 0.02


def evidence(program, weights, paths):
    out = subprocess.run([program, weights, *paths], capture_output=True, check=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def rows_of(document, evidence, scorer, standoff, measures):
    """(form, log-odds of the model or None, right, number of the gold statement or None) of each statement, as the engine joins them."""
    text = document["text"]
    at, position = {0: 0}, 0
    for k, c in enumerate(text, 1):
        position += len(c.encode())
        at[position] = k
    words = measures.words(text)
    quoted = measures.covered(words, standoff.quoted(text))
    gold = [g for g in (scorer.Item(g, words, quoted) for g in document["gold"]) if g.content]
    for e in evidence:
        rules, model = e["rules"], e["model"]
        own = rules or model
        whole = all(text[at[a]] in "\"“‘'«„" for a, _ in own["content"])
        exact = rules and (whole or e["via"] or e["pattern"] == "Turn")
        content = (rules if exact or not model else model)["content"]
        source = (rules if rules and (not model or not model["source"] or e["via"]) else model)["source"]
        spans = {"content": content, "source": source, "cue": own["cue"]}
        item = scorer.Item({role: [[at[a], at[b]] for a, b in of] for role, of in spans.items()}, words, quoted)
        scored = [(scorer.similarity(g, item), k) for k, g in enumerate(gold)]
        best = max(scored, default=(0, None))
        right = best[0] >= 0.5 and gold[best[1]].same_source(item)
        p = e["confidence"]
        odds = None if p is None else float(np.log(np.clip(p, 0.01, 0.99) / (1 - np.clip(p, 0.01, 0.99))))
        form = e["pattern"] or ("LearnedQuotation" if whole else "Learned")
        yield form, odds, right, best[1] if right else None


def fit(rows):
    """{form: (silent, bias, factor)}"""
    def regression(x, y, prior, towards):
        w = np.array(towards, float)
        prior = np.array(prior, float)
        for _ in range(50):
            p = 1 / (1 + np.exp(-x @ w))
            gradient = x.T @ (p - y) + prior * (w - towards)
            hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(prior)
            w = w - np.linalg.solve(hessian, gradient)
        return w
    found = [(f, o, r) for f, o, r, _ in rows if o is not None]
    passed = [(f, r) for f, o, r, _ in rows if o is None]
    x = np.array([[1, o] for _, o, _ in found])
    together = regression(x, np.array([r for _, _, r in found], float), (1e-3, 1e-3), (0, 1))
    y = np.array([r for _, r in passed], float)
    silent = regression(np.ones((len(y), 1)), y, (1e-3,), (0,))
    table = {}
    for form in FORMS:
        own = [(o, r) for f, o, r in found if f == form]
        b = regression(np.array([[1, o] for o, _ in own]).reshape(-1, 2), np.array([r for _, r in own], float),
                       (PRIOR["bias"], PRIOR["factor"]), together)
        own = [r for f, r in passed if f == form]
        s = regression(np.ones((len(own), 1)), np.array(own, float), (PRIOR["silent"],), silent)
        table[form] = (float(s[0]), float(b[0]), max(FLOOR, float(b[1])))
    table["Turn"] = TURN
    return table


def probability(table, form, odds):
    silent, bias, factor = table[form]
    return 1 / (1 + np.exp(-(silent if odds is None else bias + factor * odds)))


def threshold(table, documents):
    n_gold = sum(n for _, n in documents)
    best = (0, 0.5)
    for least in np.arange(0.2, 0.7, 0.02):
        found = right = 0
        for rows, _ in documents:
            kept = [r for r in rows if probability(table, r[0], r[1]) >= least]
            found += len(kept)
            right += len({r[3] for r in kept if r[3] is not None})
        f1 = 2 * right / max(1, found + n_gold)
        best = max(best, (f1, float(least)))
    return best


def calibration(pairs):
    bins = [[] for _ in range(10)]
    for p, right in pairs:
        bins[min(9, int(p * 10))].append((p, right))
    rows = [(np.mean([p for p, _ in b]), np.mean([r for _, r in b]), len(b)) if b else (0, 0, 0) for b in bins]
    n = sum(size for _, _, size in rows)
    return sum(abs(p - r) * size for p, r, size in rows) / max(1, n), rows


def run(options, kind, weights):
    """Fits the rows of one kind of model and writes them into the table; leaves what the card says of it beside the weights."""
    corpora.use_scorers(options.shared / "eval")
    import attribution as scorer
    import measures
    import standoff
    part = options.shared / "data/attribution/polnear/dev"
    by_name = {d["id"]: d for d in standoff.load_brat(part)[0]}
    paths = [p for p in sorted((part / "text").glob("*.txt")) if p.stem in by_name]
    program = ROOT / "target/release/examples/evidence"
    documents = []
    for path, found in zip(paths, evidence(program, weights, paths)):
        document = by_name[path.stem]
        documents.append((list(rows_of(document, found, scorer, standoff, measures)), len(document["gold"])))
    table = fit([row for rows, _ in documents for row in rows])
    f1, least = threshold(table, documents)
    left_out = []
    for fold in range(5):
        of_others = fit([row for k, (rows, _) in enumerate(documents) for row in rows if k % 5 != fold])
        for k, (rows, _) in enumerate(documents):
            if k % 5 == fold:
                scored = ((probability(of_others, f, o), r) for f, o, r, _ in rows)
                left_out += [(p, r) for p, r in scored if p >= least]
    error, bins = calibration(left_out)
    print(f"{kind}: least {least:.2f}, Attribution F1 {100 * f1:.1f} before overlaps are settled, calibration error {100 * error:.1f} (articles left out)")
    write(kind, table, least)
    told = {"least": least, "calibration_error": error, "bins": [[float(x) for x in b] for b in bins]}
    Path(weights).with_name("joining.json").write_text(json.dumps(told))


def write(kind, table, least):
    old = TABLE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in old if line.startswith("#") or line.split("\t")[0] != kind]
    new = [f"{kind}\t{form}\t" + "\t".join(f"{v:.3f}" for v in values) for form, values in table.items()]
    new.append(f"{kind}\tleast\t{np.log(least / (1 - least)):.3f}\t0.0\t0.0")
    TABLE.write_text("\n".join(kept + new) + "\n", encoding="utf-8")
