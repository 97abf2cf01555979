"""Which of a page's dates, titles and lines are its own: gradient-boosted trees for crates/extract/models/{dates,titles,standfirsts}.tsv.

    cargo build --release -p rapporteur-extract --example metadata
    python3 training/metadata.py dates                 # measures by cross-validation over sites, then trains on all
    python3 training/metadata.py dates --only-measure

The example program prints, for each page, all that may be its date (title, standfirst) with what is known of each. One
of them is right if it is what the page is marked with, by the functions of `eval/page.py`. All pages of one registrable
domain, over all sets, are in one fold. Needs numpy and scikit-learn (requirements.lock).
"""

import argparse
import collections
import pathlib
import sys

from blocks import ROOT, numpy, pages, printed_of, written
from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 10
GOLD = {"dates": "published", "titles": "title", "standfirsts": "standfirst"}
SETS = ("fundus", "htmldate", "trafilatura", "wcxb")
# How often each page of news counts beside one of blogs and guides, and the trees: how many, their leaves, rate, least rows in a leaf.
KINDS = {"dates": (4, 40, 8, 0.1, 20), "titles": (3, 80, 4, 0.1, 20), "standfirsts": (1, 80, 3, 0.08, 10)}


def told(line):
    """Whether a page says of a line that it sums it up. Where pages are not marked for it such a line is left out, and all others are none."""
    marks = ("above_standfirst", "is_description", "begins_description", "begun_by_description", "is_alternative", "item")
    return any(line[mark] for mark in marks)


class Pages:
    """All that may be right on all pages, as arrays, and where each page's begin and end."""
    def __init__(self, kind, sets, arguments, scorer):
        self.names, self.bounds, self.values, self.gold, self.sets, self.sites, self.ids = [], [], [], [], [], [], []
        features, labels, weights = [], [], []
        for name in sets:
            every = list(pages(arguments.shared / "data/pages" / name))
            for page, printed in zip(every, printed_of(arguments.program, every), strict=True):
                gold = page["gold"].get(GOLD[kind])
                # Where a publisher's parser found no standfirst there is none to learn; other sets don't mark it.
                if gold is None and kind != "standfirsts":
                    continue
                self.names, found = printed[kind]["names"], printed[kind]["each"]
                self.bounds.append((len(features), len(features) + len(found)))
                for one in found:
                    features.append(one["features"])
                    if kind == "standfirsts" and name != "fundus":
                        labels.append(-int(told(dict(zip(self.names, one["features"])))))
                    else:
                        labels.append(int(gold is not None and scorer.same(GOLD[kind], gold, one["value"])))
                    weights.append(KINDS[kind][0] if name == "fundus" else 1)
                self.values.append([one["value"] for one in found])
                self.gold.append(gold)
                self.sets.append(name)
                self.sites.append(printed["site"] or page["id"])
                self.ids.append((name, page["id"], page.get("url")))
        self.features = numpy.array(features, numpy.float32)
        self.labels, self.weights = numpy.array(labels), numpy.array(weights)

    def folds(self):
        """The fold of each page and of each row."""
        every = numpy.array(sorted(set(self.sites)))
        numpy.random.RandomState(0).shuffle(every)
        of = {each: n % FOLDS for n, each in enumerate(every)}
        of_page = numpy.array([of[each] for each in self.sites])
        rows = numpy.zeros(len(self.labels), int)
        for (start, end), fold in zip(self.bounds, of_page):
            rows[start:end] = fold
        return of_page, rows


def forest(kind):
    _, trees, leaves, rate, least = KINDS[kind]
    return HistGradientBoostingClassifier(
        max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, l2_regularization=5.0, min_samples_leaf=least,
        early_stopping=False, random_state=0)


def plain(kind, data):
    """What crates/extract/src/standfirst.rs takes from the odds of a paragraph that looks as all after it do."""
    if kind != "standfirsts":
        return 0
    of = {name: data.features[:, n] for n, name in enumerate(data.names)}
    return 3.0 * ((of["same_look_after"] >= 4) & (of["same_parent_after"] >= 4) & (of["bold"] < 0.9) & (of["above_standfirst"] == 0))


def measured(data, odds, least):
    """By set, in percent: accuracy, precision, recall and f1 as eval/page.py has them; pages where one is right; pages
    without gold that are given something."""
    counts = collections.Counter()
    for (start, end), name, gold in zip(data.bounds, data.sets, data.gold):
        best = start + int(numpy.argmax(odds[start:end])) if end > start else None
        given = best is not None and odds[best] > least
        if gold is None:
            counts.update({(name, "none"): 1, (name, "none, given"): int(given)})
            continue
        counts.update({(name, "gold"): 1, (name, "given"): int(given), (name, "right"): int(given and data.labels[best] > 0)})
        counts[name, "could"] += int((data.labels[start:end] > 0).any())
    out = {}
    for name in dict.fromkeys(data.sets):
        gold, given, right = (counts[name, key] for key in ("gold", "given", "right"))
        p, r = right / max(given, 1), right / max(right + gold - given, 1)
        f1, could = 2 * p * r / (p + r) if p + r else 0, counts[name, "could"] / max(gold, 1)
        idle = counts[name, "none, given"] / max(counts[name, "none"], 1)
        out[name] = tuple(round(100 * x, 1) for x in (right / max(gold, 1), p, r, f1, could, idle))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kind", choices=GOLD)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/examples/metadata")
    parser.add_argument("--only-measure", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print what is chosen wrongly on other sites")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.shared / "eval"))
    import page as scorer

    sets = ("fundus", "wcxb", "aeb") if arguments.kind == "standfirsts" else SETS
    data = Pages(arguments.kind, sets, arguments, scorer)
    of_page, of_row = data.folds()
    print(f"{len(data.bounds)} pages, {len(set(data.sites))} sites, {len(data.labels)} candidates, {int((data.labels > 0).sum())} right")
    odds = numpy.zeros(len(data.labels))
    for fold in range(FOLDS):
        use = (of_row != fold) & (data.labels >= 0)
        model = forest(arguments.kind).fit(data.features[use], data.labels[use], sample_weight=data.weights[use])
        odds[of_row == fold] = model.decision_function(data.features[of_row == fold])
    odds -= plain(arguments.kind, data)
    for least in (-99, -4, -3, -2, -1.5, -1, -0.5, 0, 0.5):
        print(f"learnt, other sites, log-odds over {least}: set: accuracy, p, r, f1, could, idle:", measured(data, odds, least))
    if arguments.errors:
        for (start, end), gold, which in zip(data.bounds, data.gold, data.ids):
            best = start + int(numpy.argmax(odds[start:end])) if end > start else None
            if gold is not None and (best is None or data.labels[best] < 1):
                found = None if best is None else data.features[best]
                right = next((n for n in range(start, end) if data.labels[n] > 0), None)
                print(which, "gold", repr(gold))
                for what, n in (("chosen", best), ("right", right)):
                    if n is not None:
                        told = {name: round(float(x), 1) for name, x in zip(data.names, data.features[n]) if x not in (0, 60)}
                        print("   ", what, f"{odds[n]:.1f}", found is not None and page_value(data, n), told)
    if arguments.only_measure:
        return
    use = data.labels >= 0
    model = forest(arguments.kind).fit(data.features[use], data.labels[use], sample_weight=data.weights[use])
    out = ROOT / f"crates/extract/models/{arguments.kind}.tsv"
    lines = list(written([model], data.names))
    lines[0] = ("# Trees that choose among what may be a page's own, made by training/metadata.py: base, tree, leaf and its log-odds, "
                "or what is looked at, the most for the lower way, and both ways")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{out}: {KINDS[arguments.kind][1]} trees, {out.stat().st_size} bytes")


def page_value(data, row):
    """What the candidate of a row would give."""
    for (start, end), values in zip(data.bounds, data.values):
        if start <= row < end:
            return values[row - start]
    return None


if __name__ == "__main__":
    main()
