"""What the command line does."""

from . import train as training


def prepare(options):
    training.prepare(options)


def train(options):
    recipe = {"epochs": options.epochs} if options.epochs else {}
    training.train(options, options.name, options.kind, recipe)


def evaluate(options):
    import json

    from . import evaluate as measure
    model, vocabulary = training.load(options, options.name, options.which)
    figures = measure.evaluate(model, vocabulary, options.shared, options.limit)
    (options.runs / options.name / f"figures-{options.which}.json").write_text(json.dumps(figures, indent=1))


def label(options):
    from . import label as labelling
    labelling.label(options, options.teacher, options.silver_words)
