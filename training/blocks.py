"""Which blocks of a page are the article's: gradient-boosted trees, from marked pages to crates/extract/models/blocks.tsv.

    cargo build --release -p rapporteur-extract --example blocks
    python3 training/blocks.py                     # measures by cross-validation over sites, then trains on all
    python3 training/blocks.py --only-measure

The example program prints each page's blocks with what is known of each. A block's label is found by aligning it with
the gold text (aeb, fundus, wcxb), or by the segments that must and mustn't be in it (trafilatura). All pages of one
registrable domain, over all sets, are in one fold. Needs numpy and scikit-learn (requirements.lock).
"""

import argparse
import base64
import bisect
import collections
import gzip
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.parse

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETS = ("aeb", "fundus", "wcxb", "trafilatura")
FOLDS = 5
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


def blocks(program, every, at_once=100):
    """What the example program prints of each page: names of the features, blocks."""
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


def site(url):
    parts = urllib.parse.urlparse(url or "").netloc.split(":")[0].split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])


class Rows:
    """All blocks of all pages, as arrays."""
    def __init__(self):
        self.features, self.labels, self.weights, self.sites, self.pages = [], [], [], [], []

    def add(self, name, page, found, labels):
        n_words = [max(1, len(block["text"].split())) for block in found]
        total = sum(n for n, label in zip(n_words, labels) if label and label > 0.5) or 1
        first = len(self.features)
        for block, label, n in zip(found, labels, n_words):
            self.features.append(block["features"])
            fixed = block["features"][0] == HEADLINE
            self.labels.append(-1 if label is None or fixed else int(label > 0.5))
            # A page's words weigh alike whatever its length, and no single block weighs much.
            self.weights.append(min(200 * n / total + 1, 40))
            self.sites.append(site(page.get("url")))
        self.pages.append((name, page, found, first))

    def arrays(self):
        return (numpy.array(self.features, numpy.float32), numpy.array(self.labels), numpy.array(self.weights),
                numpy.array(self.sites))


# The number of crates/extract/src/body.rs for what is printed as title and standfirst: it is not chosen.
HEADLINE = 1


def forest(arguments):
    return HistGradientBoostingClassifier(
        max_iter=arguments.trees, max_leaf_nodes=arguments.leaves, learning_rate=0.1, l2_regularization=5.0,
        min_samples_leaf=40, early_stopping=False, random_state=0)


def measured(rows, chooses, scorer, measures):
    """Figures by set of what `chooses(number, block)` keeps, less accurately than `eval/page.py`."""
    ratios, counts = collections.defaultdict(list), collections.Counter()
    for name, page, found, first in rows.pages:
        kept = [block for n, block in enumerate(found) if chooses(first + n, block) and block["kind"] != "caption"]
        text, gold = "\n\n".join(block["text"] for block in kept), page["gold"]
        if "text" in gold:
            a, b = measures.shingles(text), measures.shingles(gold["text"])
            f1, precision, recall = measures.ratios((a & b).total(), a.total(), b.total())
            for key, value in (("f1", f1), ("p", precision), ("r", recall)):
                ratios[name, key].append(value)
        if "with" in gold or "without" in gold:
            (right, missing), (let_in, _) = (scorer.segments(" ".join(text.split()), gold.get(key, [])) for key in ("with", "without"))
            counts.update({(name, "right"): right, (name, "missing"): missing, (name, "let in"): let_in})
    out = {f"{name} shingles {key}": round(100 * statistics.mean(values), 1) for (name, key), values in ratios.items()}
    for name in SETS:
        if counts[name, "right"]:
            right = counts[name, "right"]
            f1 = measures.ratios(right, right + counts[name, "let in"], right + counts[name, "missing"])[0]
            out[f"{name} segments f1"] = round(100 * f1, 1)
    return out


def written(model, names):
    """The trees as a table: a fork's feature, threshold and two places; a leaf's value."""
    yield "# Trees that choose a page's blocks, made by training/blocks.py: base, tree, leaf and its log-odds, or what is looked at, the most for the lower way, and both ways"
    yield f"base\t{float(model._baseline_prediction[0, 0]):.6g}"
    for (predictor,) in model._predictors:
        yield "tree"
        for node in predictor.nodes:
            if node["is_leaf"]:
                yield f"leaf\t{node['value']:.5g}"
            else:
                # Compared in single precision, as the engine has it.
                threshold = numpy.float32(node["num_threshold"])
                yield f"{names[node['feature_idx']]}\t{threshold:.9g}\t{node['left']}\t{node['right']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/examples/blocks")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "crates/extract/models/blocks.tsv")
    parser.add_argument("--trees", type=int, default=60)
    parser.add_argument("--leaves", type=int, default=24)
    parser.add_argument("--only-measure", action="store_true")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.shared / "eval"))
    import measures
    import page as scorer

    rows, names = Rows(), []
    for name in SETS:
        every = list(pages(arguments.shared / "data/pages" / name))
        for page, printed in zip(every, blocks(arguments.program, every), strict=True):
            names, found = printed["names"], printed["blocks"]
            if "text" in page["gold"]:
                labels = labels_of_text(found, page["gold"]["text"], scorer.folded)
            else:
                labels = list(labels_of_segments(found, page["gold"]))
            del page["raw"]
            rows.add(name, page, found, labels)
    features, labels, weights, sites = rows.arrays()
    every_site = numpy.array(sorted(set(sites)))
    numpy.random.RandomState(0).shuffle(every_site)
    fold_of = {each: n % FOLDS for n, each in enumerate(every_site)}
    folds = numpy.array([fold_of[each] for each in sites])
    print(f"{len(labels)} blocks, {int((labels >= 0).sum())} labelled, {len(every_site)} sites")
    print("rules:", measured(rows, lambda n, block: block["kept"], scorer, measures))
    kept = numpy.zeros(len(labels))
    for fold in range(FOLDS):
        use = (folds != fold) & (labels >= 0)
        model = forest(arguments).fit(features[use], labels[use], sample_weight=weights[use])
        kept[folds == fold] = model.predict_proba(features[folds == fold])[:, 1]
    for least in (0.4, 0.5, 0.6):
        choice = measured(rows, lambda n, block: kept[n] > least and block["features"][0] != HEADLINE, scorer, measures)
        print(f"learnt, other sites, over {least}:", choice)
    if arguments.only_measure:
        return
    use = labels >= 0
    model = forest(arguments).fit(features[use], labels[use], sample_weight=weights[use])
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text("\n".join(written(model, names)) + "\n", encoding="utf-8")
    print(f"{arguments.out}: {arguments.trees} trees, {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
