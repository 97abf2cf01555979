"""Which blocks of a page are the article's: gradient-boosted trees, from marked pages to crates/extract/models/blocks.tsv.

    cargo build --release -p rapporteur-extract --example blocks --example extract
    python3 training/blocks.py                     # trains on all, then measures by cross-validation over sites
    python3 training/blocks.py --only-measure [--curve] [--errors 20]

The example program `blocks` prints each page's blocks with what is known of each. A block's label is found by aligning
it with the gold text (aeb, fundus, wcxb), or by the segments that must and mustn't be in it (trafilatura). All pages of
one registrable domain, over all sets, are in one fold. What is measured is the whole article, read by the example
program `extract` with trees that saw no page of the fold, and scored by the functions of `eval/page.py`; with `rules`
a tree that asks only what the rules say. `--curve` gives precision and recall by the odds from which a block is kept,
`--errors` the worst pages. Needs numpy and scikit-learn (requirements.lock).
"""

import argparse
import base64
import bisect
import collections
import gzip
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETS = ("aeb", "fundus", "wcxb", "trafilatura")
FOLDS = 5
FORESTS, TREES, LEAVES, RATE = 3, 40, 20, 0.12
WORDS = re.compile(r"\w+")
# A text this long, in characters of its fold, is looked for in the gold text by itself; shorter ones between neighbours.
LONG = 24


def pages(folder):
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            page = json.loads(line)
            encoded = page.pop("html_base64", None)
            page["raw"] = base64.b64decode(encoded) if encoded else page.pop("html").encode("utf-8")
            yield page


def printed_of(program, every, at_once=100):
    """What an example program prints of each page."""
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(every), at_once):
            arguments = [str(program)]
            for n, page in enumerate(every[start:start + at_once]):
                path = pathlib.Path(folder) / f"{n}.html"
                path.write_bytes(page["raw"])
                arguments += [str(path), page.get("url") or "http://site.example/"]
            done = subprocess.run(arguments, check=True, capture_output=True, text=True)
            yield from map(json.loads, done.stdout.splitlines())


def rising(order, places):
    """The longest subsequence of `order` whose places rise."""
    ends, before = [], {}
    for at in order:
        k = bisect.bisect_left([places[end][0] for end in ends], places[at][0])
        before[at] = ends[k - 1] if k else None
        ends[k:k + 1] = [at]
    at, chain = (ends[-1] if ends else None), []
    while at is not None:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def labels_of_text(found, gold, folded):
    """For each block the part of it, from 0 to 1, that is the gold text's."""
    whole, words = folded(gold), WORDS.findall(gold.casefold())
    threes = set(zip(words, words[1:], words[2:]))
    folds = [folded(block["text"]) for block in found]
    labels, places = [None] * len(found), [None] * len(found)
    for n, fold in enumerate(folds):
        if len(fold) < LONG:
            continue
        at = whole.find(fold)
        if at >= 0:
            labels[n], places[n] = 1.0, (at, at + len(fold))
            continue
        own = WORDS.findall(found[n]["text"].casefold())
        own = list(zip(own, own[1:], own[2:]))
        labels[n] = sum(three in threes for three in own) / len(own) if own else 0.0
        at = max(whole.find(fold[:20]), whole.find(fold[-20:]))
        if labels[n] > 0.5 and at >= 0:
            places[n] = (at, at + len(fold))
    chain = rising([n for n, place in enumerate(places) if place], places)
    ranges = [places[n] for n in chain]
    for n, place in enumerate(places):
        # Another block gives the same words in their order.
        if place and n not in chain and any(start <= place[0] < end for start, end in ranges):
            labels[n] = 0.0
    for n, fold in enumerate(folds):
        if labels[n] is None:
            k = bisect.bisect(chain, n)
            start = ranges[k - 1][1] if k else 0
            end = ranges[k][0] if k < len(chain) else len(whole)
            labels[n] = float(bool(fold) and start < end and fold in whole[max(start - 2, 0):end + 2])
    return labels


def labels_of_segments(found, gold):
    """1 and 0 where a block has a segment that must or mustn't be there, None elsewhere."""
    plain = lambda text: " ".join(text.split())
    wanted = [plain(part) for part in gold.get("with", []) if len(part.split()) > 2]
    unwanted = [plain(part) for part in gold.get("without", []) if part.split()]
    for block in found:
        text = plain(block["text"])
        good, bad = any(part in text for part in wanted), any(part in text for part in unwanted)
        yield None if good == bad else float(good)


class Rows:
    """The blocks that the trees are asked about, of all pages, as arrays."""
    def __init__(self):
        self.features, self.labels, self.weights, self.sites, self.names = [], [], [], [], []

    def add(self, printed, labels):
        found, self.names = printed["blocks"], printed["names"]
        n_words = [max(1, len(block["text"].split())) for block in found]
        total = sum(n for n, label in zip(n_words, labels) if label and label > 0.5) or 1
        for block, label, n in zip(found, labels, n_words):
            if label is None or not block["candidate"] or block["features"][0] in READ_ELSEWHERE:
                continue
            self.features.append(block["features"])
            self.labels.append(int(label > 0.5))
            # A page's words weigh alike whatever its length, and no single block weighs much.
            self.weights.append(min(200 * n / total + 1, 40))
            self.sites.append(printed["site"])

    def arrays(self):
        return (numpy.array(self.features, numpy.float32), numpy.array(self.labels), numpy.array(self.weights),
                numpy.array(self.sites, str))


# The numbers of crates/extract/src/body.rs for what is printed as title and standfirst, as a byline, or has no letters.
READ_ELSEWHERE = (1, 7, 8)
# Trees that keep what the rules keep.
RULES = "base\t0\ntree\nverdict\t0\t1\t2\nleaf\t1\nleaf\t-1\n"


def forests(arguments, features, labels, weights):
    """Forests that differ by what each fork may look at; their mean varies less than each."""
    # Each fork looks at some of the numbers only, so that no class name is trusted alone.
    return [HistGradientBoostingClassifier(
        max_iter=arguments.trees, max_leaf_nodes=arguments.leaves, learning_rate=arguments.rate, l2_regularization=5.0,
        min_samples_leaf=40, max_features=0.3, max_bins=128, early_stopping=False, random_state=seed,
    ).fit(features, labels, sample_weight=weights) for seed in range(arguments.forests)]


def written(models, names, odds=0.5):
    """The mean of forests as a table: a fork's feature, threshold and two places; a leaf's value."""
    yield "# Trees that choose a page's blocks, made by training/blocks.py: base, tree, leaf and its log-odds, or what is looked at, the most for the lower way, and both ways"
    base = sum(float(model._baseline_prediction[0, 0]) for model in models) / len(models)
    yield f"base\t{base - math.log(odds / (1 - odds)):.6g}"
    # By turns, so that those which say most come first.
    for predictors in zip(*(model._predictors for model in models)):
        for (predictor,) in predictors:
            yield "tree"
            for node in predictor.nodes:
                if node["is_leaf"]:
                    yield f"leaf\t{node['value'] / len(models):.4g}"
                else:
                    # Compared in single precision, as the engine has it.
                    threshold = numpy.float32(node["num_threshold"])
                    yield f"{names[node['feature_idx']]}\t{threshold:.9g}\t{node['left']}\t{node['right']}"


class Measure:
    """Reads each fold's pages with the trees of that fold, and scores what is read as `eval/page.py` does."""
    def __init__(self, program, pages):
        import page
        import rapporteur_cli
        self.program, self.pages, self.scorer, self.reader = program, pages, page, rapporteur_cli.Reader

    def figures(self, trees):
        """A tally by set; `trees` has a table for each fold."""
        tallies = {name: self.scorer.Tally() for name in SETS}
        with tempfile.TemporaryDirectory() as folder:
            for fold, table in enumerate(trees):
                path = pathlib.Path(folder) / f"{fold}.tsv"
                path.write_text(table, encoding="utf-8")
                own = [(name, page) for name, page in self.pages if page["fold"] == fold]
                reader = self.reader(str(self.program), [f"--trees={path}"])
                read = reader.read_pages([page["raw"] for _, page in own], [page["url"] for _, page in own])
                for (name, page), record in zip(own, read):
                    tallies[name].add(page, None if isinstance(record, Exception) else record["article"])
        return tallies

    def show(self, title, trees, errors=0):
        for name, tally in self.figures(trees).items():
            figures = tally.figures(0)
            kinds = [kind for kind in ("shingles", "lcs", "segments") if kind in figures]
            row = "; ".join(f"{kind} " + " ".join(f"{key} {value}" for key, value in figures[kind].items()) for kind in kinds)
            print(f"{title:12} {name:12} {row}", flush=True)
            for quality, *rest in sorted(tally.worst)[:errors]:
                print(f"  {100 * quality:5.1f} ", *rest)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "target/release/examples")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "crates/extract/models/blocks.tsv")
    parser.add_argument("--forests", type=int, default=FORESTS)
    parser.add_argument("--trees", type=int, default=TREES)
    parser.add_argument("--leaves", type=int, default=LEAVES)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--only-measure", action="store_true")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.shared / "eval"))
    import page as scorer

    rows, every = Rows(), []
    for name in SETS:
        of_set = list(pages(arguments.shared / "data/pages" / name))
        for page, printed in zip(of_set, printed_of(arguments.programs / "blocks", of_set), strict=True):
            if "text" in page["gold"]:
                labels = labels_of_text(printed["blocks"], page["gold"]["text"], scorer.folded)
            else:
                labels = list(labels_of_segments(printed["blocks"], page["gold"]))
            printed["site"] = printed["site"] or page["id"]
            page["site"] = printed["site"]
            rows.add(printed, labels)
            every.append((name, page))
    features, labels, weights, sites = rows.arrays()
    every_site = sorted({page["site"] for _, page in every})
    numpy.random.RandomState(0).shuffle(every_site)
    fold_of = {each: n % FOLDS for n, each in enumerate(every_site)}
    folds = numpy.array([fold_of[each] for each in sites])
    for _, page in every:
        page["fold"] = fold_of[page["site"]]
    print(f"{len(every)} pages of {len(every_site)} sites, {len(labels)} blocks, {int(labels.sum())} of the article")
    if not arguments.only_measure:
        table = "\n".join(written(forests(arguments, features, labels, weights), rows.names)) + "\n"
        arguments.out.write_text(table, encoding="utf-8")
        print(f"{arguments.out}: {arguments.forests} times {arguments.trees} trees, {len(table)} bytes", flush=True)
    measure = Measure(arguments.programs / "extract", every)
    models = [forests(arguments, *(array[folds != fold] for array in (features, labels, weights))) for fold in range(FOLDS)]
    trees = lambda odds: ["\n".join(written(model, rows.names, odds)) + "\n" for model in models]
    measure.show("other sites", trees(0.5), arguments.errors)
    measure.show("rules", [RULES] * FOLDS)
    for odds in (0.4, 0.6, 0.3, 0.7) if arguments.curve else ():
        measure.show(f"from {odds}", trees(odds))


if __name__ == "__main__":
    main()
