"""What the command line does."""

from pathlib import Path

from . import train as training

HERE = Path(__file__).resolve().parent
LEAST = 0.15


def prepare(options):
    training.prepare(options)


def train(options):
    recipe = {"epochs": options.epochs} if options.epochs else {}
    extra = ()
    if options.teacher:
        from . import label as labelling
        labelling.label(options, options.teacher, options.silver_words)
        extra = labelling.labelled(options, options.teacher)
        recipe["soft"] = 1.0
    if options.rate:
        recipe["rates"] = tuple(rate * options.rate for rate in training.RECIPES[options.kind]["rates"])
    start = options.start_from and options.runs / options.start_from / "final.pt"
    training.train(options, options.name, options.kind, recipe, extra, start_from=start)


def evaluate(options):
    import json

    from . import decode, evaluate as measure
    model, vocabulary = training.load(options, options.name, options.which)
    decode.SETTINGS.update(settings_of(options.runs / options.name))
    figures = measure.evaluate(model, vocabulary, options.shared, options.limit)
    (options.runs / options.name / f"figures-{options.which}.json").write_text(json.dumps(figures, indent=1))


def label(options):
    from . import label as labelling
    labelling.label(options, options.teacher, options.silver_words)


def heads(options):
    """Train act, negation, addressee, channel and via upon the weights of a run, which stay as they are."""
    from . import heads as details
    model, vocabulary = training.load(options, options.name, options.which)
    details.train(options, model, vocabulary, options.runs / options.name)


def export(options):
    """Write the weights, read them back, score what was read, write the reference for ports."""
    import json

    from . import decode, evaluate as measure, export as exporting, heads as details
    model, vocabulary = training.load(options, options.name, options.which)
    static = training.prepare(options)["static"]
    folder = options.runs / options.name
    details.load(model, folder)
    path = folder / f"{model.config['kind']}.rapmodel"
    # The engine reads on down to LEAST and chooses when it has joined model and rules; the figures are of the model alone.
    size = exporting.write(path, model, vocabulary, static, {**settings_of(folder), "threshold": LEAST})
    model, vocabulary, header = exporting.read(path)
    decode.SETTINGS.update(settings_of(folder))
    print(f"{path}: {size:,} bytes; figures of the file as it is read back:", flush=True)
    figures = measure.evaluate(model, vocabulary, options.shared, options.limit)
    (folder / "figures-int8.json").write_text(json.dumps({**figures, "bytes": size}, indent=1))
    decode.SETTINGS.update(header["decode"])
    texts = json.loads((HERE / "examples/texts.json").read_text(encoding="utf-8"))
    (folder / f"{model.config['kind']}.reference.json").write_text(json.dumps(exporting.reference(model, vocabulary, texts), ensure_ascii=False))


def settings_of(folder):
    import json

    from . import decode
    path = folder / "decode.json"
    return {**decode.SETTINGS, **(json.loads(path.read_text()) if path.exists() else {})}


def tune(options):
    """Choose the settings of decoding on dev, one after another, by Attribution F1."""
    import json

    from . import data, decode, evaluate as measure
    model, vocabulary = training.load(options, options.name, options.which)
    documents = measure.attribution_documents(options.shared, options.limit)
    readings = [data.Reading({"id": d["id"], "text": d["text"]}, vocabulary) for d in documents]
    grid = {"threshold": [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5], "source_bias": [0, 0.25, 0.5, 0.75, 1.0], "content_bias": [-0.3, 0, 0.3],
            "orphan": [0.5, 0.6, 0.7, 0.8, 2.0], "overlap": [0.3, 0.5, 0.8]}
    best = None
    for bias in (1.0, 0.0):
        decode.SETTINGS["candidate_bias"] = bias
        windows = decode.outputs(model, vocabulary, readings)
        settings = dict(decode.SETTINGS)
        for key, values in grid.items():
            scored = []
            for value in values:
                figures, _ = measure.attribution(documents, decode.read(model, vocabulary, readings, {**settings, key: value}, windows))
                scored.append((figures["attribution"]["f1"] + 0.3 * figures["exact"]["f1"], value, figures))
            scored.sort(key=lambda s: -s[0])
            settings[key] = scored[0][1]
        print(settings, measure.summary(scored[0][2]), flush=True)
        if best is None or scored[0][0] > best[0]:
            best = (scored[0][0], settings)
    (options.runs / options.name / "decode.json").write_text(json.dumps(best[1], indent=1))
    decode.SETTINGS.update(best[1])


def join(options):
    """Fit how the statements of the exported model are joined with those of the rules (needs the engine's example `evidence`)."""
    from . import joining
    joining.run(options, options.kind, options.runs / options.name / f"{options.kind}.rapmodel")


def engine(options):
    """The engine's own figures with this kind of model, by the scorers, for the card."""
    import json
    import subprocess
    import sys
    found = {}
    for name, script in (("attribution", "attribution"), ("record", "record"), ("names", "entities")):
        command = [sys.executable, options.shared / f"eval/{script}.py", "--json", f"--read-option=--model={options.kind}"]
        out = subprocess.run(command, cwd=HERE.parent, capture_output=True, check=True, text=True).stdout
        found[name] = json.loads(out.strip().splitlines()[-1])
    (options.runs / options.name / "engine.json").write_text(json.dumps(found, indent=1))


def ablate(options):
    """What each group of features brings: figures on PolNeAR dev with the group's part of the input put to zero."""
    import json

    import torch

    from . import decode, evaluate as measure
    model, vocabulary = training.load(options, options.name, options.which)
    decode.SETTINGS.update(settings_of(options.runs / options.name))
    tables = {name: [table] for name, table in model.encoder.small.items()}
    if model.config["kind"] == "fast":
        tables |= {f"hashed {name}": [table] for name, table in model.encoder.hashed.items()}
    heads = {"distance": [model.heads.relative["distance"]], "sentences, paragraphs, marks between": [model.heads.relative[n] for n in ("sentence", "paragraph", "marks")],
             "cues between": [model.heads.between], "neighbours in a cue's reading": [model.heads.around]}
    found = {}

    def figures(name):
        f = measure.attribution_figures(model, vocabulary, options.shared, options.limit)
        found[name] = {"attribution": f["attribution"]["f1"], "exact": f["exact"]["f1"],
                       **{f"span {role}": f[f"span_{role}"]["f1"] for role in ("source", "cue", "content")}}
        print(name, found[name], flush=True)
    figures("all")
    for name, modules in {**tables, **heads}.items():
        kept = [[p.detach().clone() for p in m.parameters()] for m in modules]
        with torch.no_grad():
            for m in modules:
                for p in m.parameters():
                    p.copy_(p.mean(0, keepdim=True).expand_as(p) if isinstance(m, torch.nn.Embedding) else torch.zeros_like(p))
        figures("without " + name)
        with torch.no_grad():
            for m, values in zip(modules, kept):
                for p, value in zip(m.parameters(), values):
                    p.copy_(value)
    (options.runs / options.name / "ablation.json").write_text(json.dumps(found, indent=1))


def check(options):
    """The examples of tokens and features are what text.py and data.py give."""
    import json

    from . import data, text as T
    n = 0
    for line in (HERE / "examples/tokens.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        text = told["text"]
        toks = T.tokens(text)
        paragraphs = T.paragraph_starts(text, toks)
        states, marks = T.quotes(text, toks, paragraphs)
        words = [text[a:b] for a, b in toks]
        given = {"tokens": [list(t) for t in toks], "words": words, "paragraph_start": paragraphs, "sentence_start": T.sentence_starts(text, toks, paragraphs),
                 "quote": states, "mark": marks, "shape": [T.shape(w) for w in words],
                 "hashes": [data.hashes(m or w, T.norm(w, m)) for w, m in zip(words, marks)]}
        for key, value in given.items():
            if [int(v) if isinstance(v, bool) else v for v in value] != told[key]:
                raise SystemExit(f"{key} differ for {text!r}")
        n += 1
    print(f"{n} examples agree")


def card(options):
    from . import card as cards
    cards.write(options)


def all(options):
    """Data to weights, figures and card: the accurate model, its labels, the fast model, both exported."""
    from types import SimpleNamespace
    training.prepare(options)
    for name, kind, teacher in (("accurate", "accurate", None), ("fast", "fast", "accurate")):
        own = SimpleNamespace(**{**vars(options), "name": name, "kind": kind, "teacher": teacher})
        if teacher:
            label(own)
        train(own)
        tune(own)
        evaluate(own)
        heads(own)
        export(own)
        join(own)
        ablate(own)
        card(own)
