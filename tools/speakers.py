"""How often a source that is no name gets the right speaker, on the gold records of ../shared.

    speakers.py [--bin PATH] [--shared DIR] [--data DIR] [--errors]

Statements are matched and speakers compared as `record.py` does it. A source is a pronoun if all its words are;
it is a name if a name of its speaker stands in it; any other is a role noun ("the minister", "Zelensky's aide",
"officials"); `unnamed` are pronouns and role nouns. The last line is one JSON object of accuracies, in percent, and numbers of statements. Standard library
and the scripts of DIR/eval only.
"""

import argparse
import collections
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRONOUNS = {"he", "she", "it", "they", "i", "we", "you", "who", "him", "her", "them", "his", "their", "us", "me"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=ROOT / "target" / "release" / "rapporteur", help="the binary")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder with data and eval")
    parser.add_argument("--data", type=Path, help="gold records (default: SHARED/data/gold)")
    parser.add_argument("--read-option", action="append", default=[], help="an extra option for `rapporteur read`")
    parser.add_argument("--errors", action="store_true", help="print what is wrong")
    args = parser.parse_args()
    sys.path.insert(0, str(args.shared / "eval"))
    import measures
    import rapporteur_cli
    import record
    import standoff

    data = args.data or args.shared / "data" / "gold"
    reader = rapporteur_cli.Reader(str(args.bin), args.read_option)
    n_right, n_all = collections.Counter(), collections.Counter()
    for document in standoff.load_json(data, ".gold.json"):
        path = data / f"{document['id']}.txt"
        found_record, = reader.read_files([path], [document.get("published")], [document["text"]])
        text_words = measures.words(document["text"])
        gold = record.Side(document, document["text"], text_words)
        found = record.Side(found_record, document["text"], text_words)

        def similarity(g, f):
            value = measures.iou(gold.words(g["content"]), found.words(f["content"]))
            return value - 0.001 * g.get("optional", False) if value >= 0.5 else 0.0

        pairs, _, _ = record.match(gold.record["statements"], found.record["statements"], similarity)
        for g, f in pairs:
            right = record.right_speaker(gold, found, g, f)
            form = form_of_source(gold, g)
            for key in (form, "all", *(["unnamed"] if form in ("pronoun", "nominal") else [])):
                n_all[key] += 1
                n_right[key] += right
            if args.errors and not right:
                wanted = gold.names(g["speaker"]) or [sorted(gold.names(n)) for n in g.get("speakers", [])]
                print(f"{document['id']}: {form}: {gold.text(g['source'])!r} (found {found.text(f['source'])!r}): "
                      f"{sorted(wanted)} but {sorted(found.names(f['speaker']))}: {gold.text(g['content'])[:60]!r}")
    print(json.dumps({form: measures.percent(n_right[form], n_all[form]) for form in n_all} | {"judged": dict(n_all)}))


def form_of_source(gold, statement):
    """none, pronoun, nominal or name"""
    if not statement["source"]:
        return "none"
    words = {word.lower() for word in gold.text(statement["source"]).split()}
    if words <= PRONOUNS:
        return "pronoun"
    numbers = statement.get("speakers") or [statement["speaker"]]
    mentions = [m for n in numbers if n is not None for m in gold.entities[n]["mentions"] if m["form"] == "name"]
    named = any(m["span"][0] < end and start < m["span"][1] for m in mentions for start, end in statement["source"])
    return "name" if named else "nominal"


if __name__ == "__main__":
    main()
