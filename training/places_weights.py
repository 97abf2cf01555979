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
    "size": 1.5, "country": 3, "region": 1, "district": -0.5, "city": -1, "continent": 3, "not-its-first-name": -1,
    "largest-of-its-name": 0.5, "state-of-the-tables": 1, "capital-of-the-tables": 2, "called-what-it-is": 2,
    "called-something-else": -1, "within-what-is-named-beside-it": 4, "not-within-what-is-named-beside-it": -1,
    "its-country-is-named": 1, "share-of-its-country": 1, "its-region-is-named": 1.5, "others-in-its-country": 0.7,
    "another-within-100-km": 1, "another-within-1000-km": 0.5, "country-of-the-outlet": 1,
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


def choices(document, found, names):
    """(features of each candidate, which are right, how often it is named) of each name.

    The last candidate is "a place that the table does not have": all its features are 0. It is right where no other is,
    and for what is no place at all."""
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
        if not name["candidates"] or name["state"] and not gold:
            continue
        point = (gold[0]["lat"], gold[0]["lon"]) if gold else None
        right = [bool(gold) and distance((c["lat"], c["lon"]), point) <= NEAR_KM for c in name["candidates"]]
        if any(c["features"][names.index("country")] for c in name["candidates"]) and not any(right):
            continue  # the middle of the country is another there
        features = [c["features"] for c in name["candidates"]]
        yield np.array([*features, [0.0] * len(names)]), np.array([*right, not any(right)]), len(gold)


def fit(examples, prior, pull, rounds=400, step=0.05):
    """Weights that make the right places likely; `pull` holds them near the prior."""
    weights = prior.copy()
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for number in range(1, rounds + 1):
        gradient = pull * (weights - prior)
        for features, right, _ in examples:
            scores = features @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            among = likely * right
            gradient += features.T @ (likely - among / among.sum())
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient ** 2
        weights = weights - step * (first / (1 - 0.9 ** number)) / (np.sqrt(second / (1 - 0.99 ** number)) + 1e-8)
    return weights


def accuracy(examples, weights):
    """Of the mentions whose place the table has, how many get it, how many there are; and of the names that are
    no place of the table, how many are held for one, how many there are."""
    best = [(right, int(np.argmax(features @ weights)), count) for features, right, count in examples]
    in_table = [(right[at], count) for right, at, count in best if not right[-1]]
    outside = [at + 1 < len(right) for right, at, count in best if right[-1]]
    return sum(count for right, count in in_table if right), sum(count for _, count in in_table), sum(outside), len(outside)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--pull", type=float, default=8.0, help="how strongly the weights are held (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write weights.tsv")
    arguments = parser.parse_args()
    documents = [json.loads(line) for line in (arguments.data / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    names, found = evidence(arguments.program, documents)
    by_document = [list(choices(document, each, names)) for document, each in zip(documents, found)]
    prior = np.array([float(BY_HAND[name]) for name in names])
    everything = [example for each in by_document for example in each]
    told = "%d of %d mentions right; %d of %d that are not in the table held for one"
    print(f"{len(everything)} names")
    print("by hand      ", told % accuracy(everything, prior))
    left_out = np.zeros(4, int)
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
