"""Scores the binary on texts with a known reading: DIR/NAME.txt and DIR/NAME.gold.json, as in examples/gold.

    score.py [--bin PATH] [DIR]

Prints one JSON object: of statements, how many were found as they should be (precision, recall, F1, in percent). A
found statement is right if its content shares at least half of all words with that of a gold statement (words of both
over words of either), and its speaker is called by the gold speaker's name or by an alias. What the gold marks as
`optional` counts neither way. Standard library only.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=ROOT / "target" / "release" / "rapporteur", help="the binary")
    parser.add_argument("dir", nargs="?", type=Path, default=ROOT / "examples" / "gold", help="texts and gold")
    args = parser.parse_args()
    n_right = n_found = n_gold = 0
    for path in sorted(args.dir.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_name(path.name.replace(".gold.json", ".txt"))
        right, found, wanted = compare(gold, read(args.bin, text, gold["published"]))
        n_right, n_found, n_gold = n_right + right, n_found + found, n_gold + wanted
    precision, recall = share(n_right, n_found), share(n_right, n_gold)
    f1 = share(2 * n_right, n_found + n_gold)
    print(json.dumps({"statements": {"f1": f1, "precision": precision, "recall": recall, "n_gold": n_gold}}))


def read(binary, text, published):
    command = [binary, "read", "--as", "text", "--format", "jsonl", "--date", published, text]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def compare(gold, found):
    """How many found statements are right, how many were found, how many there are."""
    text = gold["article"]["text"]
    assert text == found["article"]["text"]
    starts = [word.start() for word in re.finditer(r"\w+", text)]
    wanted = [(words(statement, starts), statement) for statement in gold["statements"]]
    left = list(wanted)
    n_right = n_optional = 0
    for statement in found["statements"]:
        content = words(statement, starts)
        best = max(left, key=lambda pair: overlap(pair[0], content), default=None)
        if best is None or overlap(best[0], content) < 0.5:
            continue
        left.remove(best)
        if best[1].get("optional"):
            n_optional += 1
        elif same_speakers(gold, best[1], found, statement):
            n_right += 1
    n_gold = sum(not statement.get("optional") for _, statement in wanted)
    return n_right, len(found["statements"]) - n_optional, n_gold


def words(statement, starts):
    """The words of a content, by where they start."""
    return {start for start in starts for first, end in statement["content"] if first <= start < end}


def overlap(a, b):
    return len(a & b) / len(a | b) if a | b else 0.0


def same_speakers(gold, wanted, found, statement):
    names = sorted(bare(found["entities"][number]["name"]) for number in statement["speakers"])
    speakers = [gold["entities"][number] for number in wanted["speakers"]]
    if len(names) != len(speakers):
        return False
    return all(any(bare(name) in names for name in [who["name"], *who["aliases"]]) for who in speakers)


def bare(name):
    """In lower case, without an article at the start."""
    return re.sub(r"^(the|an?) ", "", name.lower().replace("’", "'"))


def share(part, whole):
    return round(100 * part / whole, 2) if whole else 0.0


if __name__ == "__main__":
    main()
