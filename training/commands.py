"""What the command line does."""

from . import train as training


def prepare(options):
    training.prepare(options)


def train(options):
    recipe = {"epochs": options.epochs} if options.epochs else {}
    training.train(options, options.name, options.kind, recipe)
