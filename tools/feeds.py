#!/usr/bin/env python3
"""Scores the reading of feeds on the test cases of feedparser.

    tools/feeds.py FOLDER COMMAND…      FOLDER: the `tests` of github.com/kurtmckee/feedparser

COMMAND reads lines of `file<tab>url<tab>content type` and prints a line of JSON for each: `cargo run -p
rapporteur-extract --example feed -- -`. The expectation of a case is a Python expression in the comment at its head;
of it those comparisons are judged that are about what we read: title, link and dates of entries (`core`), and their id,
author and summary, the feed's own title and link (`more`). A title is right if it is the text of the expected HTML.
"""
import ast
import collections
import email.utils
import datetime
import html.parser
import json
import pathlib
import re
import subprocess
import sys

URL = "http://127.0.0.1:8097/"
CORE = {"title", "link", "links", "published", "published_parsed", "updated", "updated_parsed", "date", "date_parsed",
        "issued", "issued_parsed", "modified", "modified_parsed", "created", "created_parsed"}
MORE = {"id", "guid", "author", "summary", "description"}


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)


def text(markup):
    parser = Text()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.parts).split())


def case(path):
    """The expectation in a case's head, its place and its content type."""
    head = path.read_bytes()[:4000]
    for encoding in ("utf-8", "utf-16", "latin-1"):
        try:
            decoded = head.decode(encoding, "ignore")
        except UnicodeError:
            continue
        if expected := re.search(r"Expect:\s*(.*?)\s*-->", decoded, re.S):
            headers = dict(re.findall(r"Header:\s*([\w-]+):\s*(.*)", decoded))
            headers = {name.lower(): value.strip() for name, value in headers.items()}
            url = headers.get("content-location") or f"{URL}tests/{path.name}"
            return " ".join(expected.group(1).split()), url, headers.get("content-type", "")
    return None


def comparisons(expression):
    """(whose, index, field, rest, expected) of each comparison that we can judge."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return
    for node in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
            continue
        try:
            expected = ast.literal_eval(node.comparators[0])
        except ValueError:
            continue
        path, left = [], node.left
        while isinstance(left, (ast.Subscript, ast.Attribute)):
            path.append(left.attr if isinstance(left, ast.Attribute) else ast.literal_eval(left.slice))
            left = left.value
        path.reverse()
        if isinstance(left, ast.Name) and left.id == "entries" and len(path) > 1:
            yield "entry", path[0], path[1], path[2:], expected
        elif isinstance(left, ast.Name) and left.id == "feed" and path:
            yield "feed", 0, path[0], path[1:], expected


def moment(value):
    """(year … second) in UTC, and whether it is no more than a day."""
    if value is None:
        return None, False
    if "T" not in value:
        return tuple(map(int, value.split("-"))), True
    at = datetime.datetime.fromisoformat(value).astimezone(datetime.timezone.utc)
    return at.timetuple()[:6], False


def expected_moment(value):
    if isinstance(value, tuple):
        return value[:6]
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        try:
            at = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (ValueError, AttributeError):
            return None
    at = at if at.tzinfo else at.replace(tzinfo=datetime.timezone.utc)
    return at.astimezone(datetime.timezone.utc).timetuple()[:6]


def judged(read, comparison):
    """core or more, and what was read; None if the comparison isn't ours to judge."""
    whose, index, field, rest, expected = comparison
    if whose == "feed":
        if field not in ("title", "link") or rest:
            return None
        found, group = read.get(field), "more"
    else:
        group = "core" if field in CORE else "more" if field in MORE else None
        if group is None or rest and not (field == "links" and rest == [0, "href"]):
            return None
        entries = read.get("entries", [])
        entry = entries[index] if index < len(entries) else {}
        if field in ("link", "links"):
            found = entry.get("link")
        elif field in CORE and field != "title":
            first, second = ("published", "updated") if field[:4] in ("publ", "issu", "crea") else ("updated", "published")
            found, is_day = moment(entry.get(first) or entry.get(second))
            wanted = expected_moment(expected)
            if wanted is None:
                return None
            return group, found == (wanted[:3] if is_day else wanted), found
        elif field == "author":
            found = ", ".join(entry.get("authors", []))
        else:
            found = entry.get({"id": "guid", "description": "summary"}.get(field, field))
    if not isinstance(expected, str):
        return None
    same = (found or "") in (expected, " ".join(expected.split()), text(expected))
    return group, same, found


def main():
    folder, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    cases = {}
    for path in sorted(folder.rglob("*.xml")):
        if found := case(path):
            cases[str(path)] = found
    lines = "".join(f"{path}\t{url}\t{kind}\n" for path, (_, url, kind) in cases.items())
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    scores, wrong = collections.defaultdict(lambda: [0, 0]), []
    for line in run.stdout.splitlines():
        read = json.loads(line)
        part = pathlib.Path(read["file"]).relative_to(folder).parts[0]
        results = collections.defaultdict(list)
        for comparison in comparisons(cases[read["file"]][0]):
            if result := judged(read, comparison):
                results[result[0]].append(result[1])
                if not result[1]:
                    wrong.append((read["file"], comparison, result[2], read.get("error")))
        for group, right in results.items():
            scores[part, group][0] += all(right)
            scores[part, group][1] += 1
    for file, (whose, index, field, rest, expected), found, error in wrong:
        print(f"{pathlib.Path(file).relative_to(folder)}: {whose} {index} {field}: {expected!r}, read {found!r} {error or ''}")
    print(f"{len(run.stdout.splitlines())} of {len(cases)} cases were read without a crash")
    for (part, group), (right, n) in sorted(scores.items()):
        print(f"{part} {group}: {right} of {n}, {100 * right / n:.1f} %")


main()
