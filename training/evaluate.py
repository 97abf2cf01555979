"""Figures by the evaluation scripts' own functions (../shared/eval, imported at run time)."""

import collections
import json
import types

from . import corpora, data, decode


class Reader:
    """What the scripts' `figures` ask of a reader of records."""
    def __init__(self, documents):
        self.documents, self.cpu = documents, 0


def attribution_documents(shared, limit=None):
    corpora.use_scorers(shared / "eval")
    import standoff
    return standoff.load_brat(shared / "data/attribution/polnear/dev")[0][:limit]


def own_documents(shared):
    """Our own articles, written in the manner of many newsrooms; for scoring only."""
    out = []
    for path in sorted((shared / "data/gold").glob("*.gold.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        text = (path.parent / (path.name[:-len(".gold.json")] + ".txt")).read_bytes().decode("utf-8")
        gold = [{role: s[role] for role in ("source", "cue", "content")} for s in record["statements"] if not s.get("optional")]
        out.append({"id": path.stem, "text": text, "gold": gold})
    return out


def attribution(documents, read):
    import attribution as scorer
    count, errors = collections.Counter(), collections.defaultdict(list)
    for document, (statements, _) in zip(documents, read):
        scorer.score(document, statements, count, errors)
    return scorer.figures(count, collections.Counter(), Reader(len(documents))), errors


def names(shared, model, vocabulary, part="gum"):
    corpora.use_scorers(shared / "eval")
    import entities as scorer
    import standoff
    documents = standoff.load_json(shared / f"data/ner/{part}/dev")
    readings = [data.Reading(d, vocabulary) for d in ({"id": d["id"], "text": d["text"]} for d in documents)]
    count = collections.Counter()
    for document, (_, found) in zip(documents, decode.read(model, vocabulary, readings)):
        entities = [{"kind": kind, "roles": [], "mentions": [{"span": [a, b], "form": "name"}]} for a, b, kind in found]
        scorer.score(document, {"entities": entities}, count)
    return scorer.figures(count, Reader(len(documents)))


def summary(f):
    r = f["recall_with_source"]
    return (f"attribution {f['attribution']['f1']} (P {f['attribution']['p']} R {f['attribution']['r']})  exact {f['exact']['f1']}  "
            f"content {f['content']['f1']} exact {f['content_exact']['f1']}  recall {r['direct']}/{r['mixed']}/{r['indirect']}  "
            f"speaker {f['speaker']['shares_word']}  spans {f['span_source']['f1']}/{f['span_cue']['f1']}/{f['span_content']['f1']}  "
            f"calibration {f['confidence']['calibration_error']}")


def attribution_figures(model, vocabulary, shared, limit=None, settings=decode.SETTINGS):
    documents = attribution_documents(shared, limit)
    readings = [data.Reading({"id": d["id"], "text": d["text"]}, vocabulary) for d in documents]
    return attribution(documents, decode.read(model, vocabulary, readings, settings))[0]


def evaluate(model, vocabulary, shared, limit=None, settings=decode.SETTINGS, windows=None):
    documents = attribution_documents(shared, limit)
    readings = [data.Reading({"id": d["id"], "text": d["text"]}, vocabulary) for d in documents]
    found, _ = attribution(documents, decode.read(model, vocabulary, readings, settings, windows))
    print(summary(found), flush=True)
    figures = {"attribution": found}
    documents = own_documents(shared)
    readings = [data.Reading({"id": d["id"], "text": d["text"]}, vocabulary) for d in documents]
    figures["own"], _ = attribution(documents, decode.read(model, vocabulary, readings, settings))
    print("own articles:", summary(figures["own"]), flush=True)
    for part in ("gum", "uner-ewt"):
        figures[part] = names(shared, model, vocabulary, part)
        f = figures[part]
        print(f"names {part}: exact {f['exact']}  person {f['person']['f1']} organization {f['organization']['f1']} place {f['place']['f1']} "
              f"untyped {f['untyped']['f1']}", flush=True)
    return figures
