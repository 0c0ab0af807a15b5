"""docs/rules.md and the code speak of the same rules."""

import os
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from submissions.models import ReasonCode

RULES = settings.BASE_DIR / "docs" / "rules.md"
ROW = re.compile(r"^\| ([A-Z]{3}-\d\d) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ID = re.compile(r"\b[A-Z]{3}-\d\d\b")
# "rule SUB-01", "rules SUB-01 and SUB-02", "rules SCO-01 to SCO-03", over line ends.
NAMED = re.compile(
    r"\brules?\s+(?P<ids>[A-Z]{3}-\d\d(?:,?\s+(?:and|or|to)?\s*[A-Z]{3}-\d\d)*)"
)
NOT_OURS = {"tests", "var", "locale", ".venv", "vendor", "node_modules", ".git"}


def rows():
    return ROW.findall(RULES.read_text())


def known_ids():
    return [row[0] for row in rows()]


def spelled_out(text):
    """List the ids in "SCO-01 to SCO-03, AWD-01"."""
    first, *others = ID.findall(text)
    found = [first]
    for each in others:
        if re.search(rf"{found[-1]}\s+to\s+{each}", text):
            name, start, end = each[:4], int(found[-1][4:]), int(each[4:])
            found += [f"{name}{number:02}" for number in range(start + 1, end)]
        found.append(each)
    return found


def our_files():
    for folder, folders, names in os.walk(settings.BASE_DIR):
        folders[:] = [each for each in folders if each not in NOT_OURS]
        for name in names:
            if name.endswith((".py", ".js", ".html", ".yaml")):
                yield Path(folder, name)


def named_in_code():
    """Map every rule that the code names to the files that do."""
    named = {}
    for path in our_files():
        for match in NAMED.finditer(path.read_text()):
            for each in spelled_out(match["ids"]):
                place = str(path.relative_to(settings.BASE_DIR))
                named.setdefault(each, set()).add(place)
    return named


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("rule SUB-01 in", ["SUB-01"]),
        ("rules SUB-01\n    and SUB-03 in", ["SUB-01", "SUB-03"]),
        ("rules SCO-01 to SCO-03 and FRM-03", ["SCO-01", "SCO-02", "SCO-03", "FRM-03"]),
        ("rules SUB-01,\n SUB-03", ["SUB-01", "SUB-03"]),
    ],
)
def test_ids_are_found_in_running_text(text, ids):
    assert spelled_out(NAMED.search(text)["ids"]) == ids


def test_every_rule_named_in_code_is_written_down():
    named = named_in_code()

    assert {each: named[each] for each in named.keys() - set(known_ids())} == {}


def test_code_names_rules():
    # Or else the test above would look for the wrong thing.
    assert len(named_in_code()) > 20


def test_ids_are_given_once_and_every_row_is_read():
    ids = known_ids()
    lines = re.findall(r"^\| [A-Z]{3}-", RULES.read_text(), re.MULTILINE)

    assert len(set(ids)) == len(ids) == len(lines)


def find(place):
    """Find a place: a file of ours, or a dotted name of a module or what is in it."""
    if "/" in place:
        return (settings.BASE_DIR / place).exists()
    module, names = place, []
    while module:
        try:
            found = import_module(module)
        except ModuleNotFoundError:
            module, _dot, name = module.rpartition(".")
            names.insert(0, name)
            continue
        for name in names:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def test_places_of_rules_exist():
    places = {each: re.findall(r"`([^`]+)`", where) for each, _r, _s, where in rows()}

    assert [each for each, found in places.items() if not found] == []
    assert [(e, place) for e in places for place in places[e] if not find(place)] == []


def test_reason_codes_are_those_of_the_portal():
    listed = RULES.read_text().split("## Reason codes of screening")[1]

    assert set(re.findall(r"`([A-Z_]+)`", listed)) == set(ReasonCode.values)
