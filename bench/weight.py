"""What a first visit loads: the page with all its files, compressed."""

import gzip
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from bench.province import Province
from bench.timing import Figure
from judging.models import ScoreSheet

KIB = 1024
BUDGET = 120
_FILE = re.compile(rb'(?:href|src)="/static/([^"#?]+)')
_MODULE = re.compile(rb'(?:import|from)\s*"(\./[^"]+)"')


def measure_weight(province: Province) -> Iterator[Figure]:
    """The home page, the editor of a section and a score sheet."""
    sheet = ScoreSheet.objects.filter(assignment__juror__user=province.juror).first()
    assert sheet is not None
    section = reverse(
        "submissions:section_edit", args=[province.draft.code, "latar-belakang"]
    )
    for name, person, address in [
        ("the home page", None, reverse("home")),
        ("the editor", province.author, section),
        ("a score sheet", province.juror, sheet.get_absolute_url()),
    ]:
        client = Client()
        if person:
            client.force_login(person)
        weight = weight_of(client.get(address).content)
        yield Figure(f"first load of {name}", weight, "KiB", BUDGET)


def weight_of(page: bytes) -> float:
    """In KiB, as gzip packs it; modules that modules import count too."""
    total = len(gzip.compress(page, 6))
    left = {path.decode() for path in _FILE.findall(page)}
    seen: set[str] = set()
    while left:
        path = left.pop()
        seen.add(path)
        file = finders.find(path)
        assert file, f"{path} is no static file"
        with open(file, "rb") as content:
            body = content.read()
        total += min(len(gzip.compress(body, 6)), len(body))
        if path.endswith(".js"):
            here = PurePosixPath(path).parent
            named = {str(here / found.decode()) for found in _MODULE.findall(body)}
            left |= named - seen
    return total / KIB
