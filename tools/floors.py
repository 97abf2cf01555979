"""Measures what floors.toml asks for and compares it with the floors; status 1 if anything is below.

A command that several floors share runs once. Floors whose data is not there are named and skipped. Python 3.11 or
later, standard library only.
"""

import functools
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BINARY = ROOT / "target" / "release" / "rapporteur"


def main():
    try:
        import tomllib
    except ModuleNotFoundError:
        print("floors: Python is older than 3.11, so no scores were measured", file=sys.stderr)
        return 0
    floors = tomllib.loads((ROOT / "floors.toml").read_text(encoding="utf-8"))["floor"]
    rows = [row(floor) for floor in floors]
    show([("", "measured", "floor", "")] + rows)
    return int(any(verdict not in ("ok", "skipped") for *_, verdict in rows))


def row(floor):
    """name, measured, floor, verdict"""
    least = f"{floor['least']:.1f}"
    if floor["where"] == "shared" and not SHARED.is_dir():
        return floor["name"], "-", least, "skipped"
    try:
        measured = look_up(run(tuple(floor["command"])), floor["figure"])
    except (OSError, ValueError, KeyError, TypeError, subprocess.CalledProcessError) as error:
        print(f"{floor['name']}: {type(error).__name__}: {error}", file=sys.stderr)
        return floor["name"], "-", least, "failed"
    return floor["name"], f"{measured:.1f}", least, "ok" if measured >= floor["least"] else "below"


@functools.cache
def run(command):
    """The JSON object in the last line that the command prints."""
    places = {"bin": str(BINARY), "python": sys.executable}
    done = subprocess.run([word.format(**places) for word in command], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.decode("utf-8").strip().rsplit("\n", 1)[-1])


def look_up(figures, path):
    for key in path.split("."):
        figures = figures[key]
    return float(figures)


def show(rows):
    width = max(len(name) for name, *_ in rows)
    for name, measured, least, verdict in rows:
        print(f"{name:{width}}  {measured:>8}  {least:>5}  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
