"""The accounts of the demonstration, for those who try it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from kipp_portal.demo import files

# Of the many operators these are enough to try everything.
WORK = {
    "sekretariat": "sekretariat: putaran, verifikasi, juri, hasil, piagam",
    "opd": "penulis proposal",
    "kepala.opd": "kepala instansi: mendukung atau mengembalikan proposal",
    "juri": "juri",
    "pimpinan": "pimpinan: memantau keikutsertaan",
}


def lines() -> Iterator[str]:
    """Each account with its body, then the password of all."""
    people = files.accounts()
    names = {each["slug"]: each["short_name"] for each in files.governments()}
    yield "Akun peragaan"
    for administrator in people["administrators"]:
        yield f"  {administrator['email']:36} admin sistem"
    for slug, found in people["governments"].items():
        yield names[slug]
        yield from (_line(each) for each in found if _kind(each) in WORK)
    yield f"Kata sandi semua akun: {settings.DEMO_PASSWORD}"


def _kind(person: dict[str, Any]) -> str:
    local: str = person["email"].partition("@")[0]
    return local.rstrip("0123456789")


def _line(person: dict[str, Any]) -> str:
    return f"  {person['email']:36} {WORK[_kind(person)]} ({person['name']})"
