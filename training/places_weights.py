"""Fits how much each feature speaks for a place that a name may mean (crates/annotate/src/places/weights.tsv).

    cargo build --example place_evidence
    python3 training/places_weights.py --data DIR --program target/debug/examples/place_evidence [--write]

DIR/documents.jsonl has texts with the points of their places, as GeoVirus. A choice is right if it lies within 161 km of
the point. The weights are those of a softmax over the places of a name, held near the weights that were set by hand
(`BY_HAND`), as the data are few: several hundred names of one kind of news. What is reported is measured on documents
that a fit of five left out. Some features are told by where the others are first thought to be, which hangs on the
weights: run it again after `--write` and a new build until the figures stay. Needs numpy.
"""

import argparse
import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "crates" / "annotate" / "src" / "places" / "weights.tsv"
NEAR_KM = 161
BY_HAND = {
    "size": 1.5, "country": 3, "region": 1, "district": -0.5, "continent": 3, "not-its-first-name": -1,
    "largest-of-its-name": 0.5, "state-of-the-tables": 1, "capital-of-the-tables": 2, "called-what-it-is": 2,
    "called-something-else": -1, "within-what-is-named-beside-it": 4, "not-within-what-is-named-beside-it": -1,
    "its-country-is-named": 1, "share-of-its-country": 1, "its-region-is-named": 1.5, "others-in-its-country": 0.7,
    "others-within-it": 1.5, "another-within-100-km": 1, "another-within-1000-km": 0.5, "country-of-the-outlet": 1,
}


def distance(a, b):
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 6371 * 2 * math.asin(min(1, math.sqrt(half)))


def evidence(program, documents):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, document in enumerate(documents):
            paths.append(Path(folder, f"{number:05}.txt"))
            paths[-1].write_text(document["text"], encoding="utf-8")
        out = subprocess.run([program, *paths], capture_output=True, check=True, text=True).stdout
    names, *found = [json.loads(line) for line in out.splitlines()]
    return names, found


def choices(document, found):
    """(features of each candidate, which are right, how often it is named) of each name with a right and a wrong one."""
    at_byte = {}
    size = 0
    for number, character in enumerate(document["text"]):
        at_byte[size] = number
        size += len(character.encode())
    at_byte[size] = len(document["text"])
    for name in found:
        spans = [tuple(at_byte[end] for end in (span["start"], span["end"])) if isinstance(span, dict) else tuple(at_byte[end] for end in span)
                 for span in name["mentions"]]
        gold = [place for place in document["places"] if place["lat"] is not None
                and any(start < place["span"][1] and place["span"][0] < end for start, end in spans)]
        if not gold or len(name["candidates"]) < 2:
            continue
        point = gold[0]["lat"], gold[0]["lon"]
        right = np.array([distance((c["lat"], c["lon"]), point) <= NEAR_KM for c in name["candidates"]])
        if right.any() and not right.all():
            yield np.array([c["features"] for c in name["candidates"]]), right, len(gold)


def fit(examples, prior, pull, rounds=400, step=0.05):
    """Weights that make the right places likely; `pull` holds them near the prior."""
    most = max(len(right) for _, right, _ in examples)
    features = np.zeros((len(examples), most, len(prior)))
    right, there = np.zeros((2, len(examples), most), bool)
    for number, (each, fits, _) in enumerate(examples):
        features[number, :len(fits)], right[number, :len(fits)], there[number, :len(fits)] = each, fits, True
    weights = prior.copy()
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for number in range(1, rounds + 1):
        scores = np.where(there, features @ weights, -np.inf)
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        among = likely * right
        gradient = np.einsum("nc,ncf->f", likely - among / among.sum(1, keepdims=True), features) + pull * (weights - prior)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient ** 2
        weights = weights - step * (first / (1 - 0.9 ** number)) / (np.sqrt(second / (1 - 0.99 ** number)) + 1e-8)
    return weights


def accuracy(examples, weights):
    """How many mentions get their place, and how many there are."""
    right = sum(count * bool(right[np.argmax(features @ weights)]) for features, right, count in examples)
    return right, sum(count for _, _, count in examples)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--pull", type=float, default=8.0, help="how strongly the weights are held (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write weights.tsv")
    arguments = parser.parse_args()
    documents = [json.loads(line) for line in (arguments.data / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    names, found = evidence(arguments.program, documents)
    by_document = [list(choices(document, each)) for document, each in zip(documents, found)]
    prior = np.array([float(BY_HAND[name]) for name in names])
    everything = [example for each in by_document for example in each]
    told = "%d of %d mentions right"
    print(f"{len(everything)} names with a right and a wrong place")
    print("by hand      ", told % accuracy(everything, prior))
    left_out = np.zeros(2, int)
    for part in range(5):
        train = [example for number, each in enumerate(by_document) if number % 5 != part for example in each]
        test = [example for number, each in enumerate(by_document) if number % 5 == part for example in each]
        left_out += accuracy(test, fit(train, prior, arguments.pull))
    print("left out     ", told % tuple(left_out))
    weights = fit(everything, prior, arguments.pull)
    print("fitted on all", told % accuracy(everything, weights))
    for name, weight in zip(names, weights):
        print(f"{name:40} {weight:6.2f} (by hand {BY_HAND[name]})")
    if arguments.write:
        head = "# How much each feature speaks for a place that a name may mean; made by training/places_weights.py.\nfeature\tweight\n"
        TABLE.write_text(head + "".join(f"{name}\t{weight:.2f}\n" for name, weight in zip(names, weights)))


if __name__ == "__main__":
    main()
