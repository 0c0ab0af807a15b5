"""The words of certificates: kinds, parts, placeholders, and what stands by itself.

A text holds plain words and placeholders such as {inovasi}. They are replaced by the
values of the paper in one pass, word for word: nothing of a value is read again, and
there is no other value to reach.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import DocumentKind


class CertificateKind(TextChoices):
    """Who gets a certificate; the values are the kinds of paper."""

    WINNER = DocumentKind.CERTIFICATE.value, gettext_lazy("Winners")
    FINALIST = DocumentKind.FINALIST.value, gettext_lazy("Finalists")
    PARTICIPANT = DocumentKind.PARTICIPANT.value, gettext_lazy("Participants")
    JUROR = DocumentKind.JUROR.value, gettext_lazy("Jurors")
    COMMITTEE = DocumentKind.COMMITTEE.value, gettext_lazy("Committee")
    PRESENCE = DocumentKind.PRESENCE.value, gettext_lazy("Those who came")

    @property
    def slug(self) -> str:
        """Its word in addresses."""
        return _SLUGS[self]

    @classmethod
    def of_slug(cls, slug: str) -> "CertificateKind | None":
        return next((each for each in cls if each.slug == slug), None)


_SLUGS = {
    CertificateKind.WINNER: "pemenang",
    CertificateKind.FINALIST: "finalis",
    CertificateKind.PARTICIPANT: "peserta",
    CertificateKind.JUROR: "juri",
    CertificateKind.COMMITTEE: "panitia",
    CertificateKind.PRESENCE: "kehadiran",
}


@dataclass(frozen=True)
class Part:
    """A place on the certificate that has a text."""

    name: str
    label: Promise
    max_length: int
    lines: int = 1
    is_required: bool = False


PARTS: tuple[Part, ...] = (
    Part("title", gettext_lazy("Title"), 60, is_required=True),
    Part("opening", gettext_lazy("Before the name"), 120),
    Part("subline", gettext_lazy("Below the name"), 120),
    Part("body", gettext_lazy("What for"), 300, lines=3),
    Part("rank", gettext_lazy("Large line"), 120),
    Part("closing", gettext_lazy("Below the large line"), 200, lines=2),
    Part("note", gettext_lazy("Small print at the foot"), 200),
)


@dataclass(frozen=True)
class Placeholder:
    """A word in braces, and the value of the paper that it stands for."""

    name: str
    value: str
    label: Promise
    is_strong: bool = False


_COMMON = (
    Placeholder("penerima", "holder", gettext_lazy("Who gets it"), is_strong=True),
    Placeholder("kegiatan", "event", gettext_lazy("Competition or event with year")),
    Placeholder("kompetisi", "competition", gettext_lazy("Name of the competition")),
    Placeholder("tahun", "year", gettext_lazy("Year of the round")),
    Placeholder("nomor", "number", gettext_lazy("Number of the paper")),
    Placeholder("tanggal", "day", gettext_lazy("Date of the paper")),
    Placeholder("pemerintah", "issuer", gettext_lazy("Name of the government")),
)
_DECREE = Placeholder("keputusan", "decree", gettext_lazy("Number of the decree"))
_INNOVATION = Placeholder(
    "inovasi", "innovation", gettext_lazy("Title of the innovation"), is_strong=True
)
_BODY = Placeholder("instansi", "institution", gettext_lazy("Institution"))
_ROLE = Placeholder("peran", "role", gettext_lazy("Role of the person"))
PLACEHOLDERS: dict[str, tuple[Placeholder, ...]] = {
    CertificateKind.WINNER: (
        *_COMMON,
        _INNOVATION,
        Placeholder("penghargaan", "award", gettext_lazy("Award")),
        _DECREE,
    ),
    CertificateKind.FINALIST: (*_COMMON, _INNOVATION),
    CertificateKind.PARTICIPANT: (*_COMMON, _INNOVATION),
    CertificateKind.JUROR: (*_COMMON, _BODY, _ROLE),
    CertificateKind.COMMITTEE: (*_COMMON, _ROLE),
    CertificateKind.PRESENCE: (
        *_COMMON,
        _BODY,
        Placeholder("hari", "event_day", gettext_lazy("Date of the event")),
        Placeholder("tempat", "event_place", gettext_lazy("Place of the event")),
    ),
}

Texts = Mapping[str, str]
Values = Mapping[str, object]
_GIVEN = {"opening": "diberikan kepada"}
_GIVEN_EN = {"opening": "is given to"}
# Papers speak Indonesian and English whatever language somebody works in.
BUILT_IN: dict[str, dict[str, Texts]] = {
    CertificateKind.WINNER: {
        "id": {
            **_GIVEN,
            "title": "Piagam Penghargaan",
            "body": "atas inovasi pelayanan publik {inovasi} sebagai",
            "rank": "{penghargaan}",
            "closing": "{kegiatan}",
            "note": "Berdasarkan keputusan {keputusan}.",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Award",
            "body": "for the public service innovation {inovasi} as",
            "rank": "{penghargaan}",
            "closing": "{kegiatan}",
            "note": "By decree {keputusan}.",
        },
    },
    CertificateKind.FINALIST: {
        "id": {
            **_GIVEN,
            "title": "Piagam Finalis",
            "body": "atas inovasi pelayanan publik {inovasi} sebagai",
            "rank": "Finalis",
            "closing": "{kegiatan}",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Distinction",
            "body": "for the public service innovation {inovasi} as",
            "rank": "Finalist",
            "closing": "{kegiatan}",
        },
    },
    CertificateKind.PARTICIPANT: {
        "id": {
            **_GIVEN,
            "title": "Sertifikat Peserta",
            "body": "atas keikutsertaan dengan inovasi {inovasi} sebagai",
            "rank": "Peserta",
            "closing": "{kegiatan}",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Participation",
            "body": "for taking part with the innovation {inovasi} as",
            "rank": "Participant",
            "closing": "{kegiatan}",
        },
    },
    CertificateKind.JUROR: {
        "id": {
            **_GIVEN,
            "title": "Sertifikat Juri",
            "subline": "{instansi}",
            "body": "atas pengabdian dalam menilai inovasi pelayanan publik sebagai",
            "rank": "{peran}",
            "closing": "{kegiatan}",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Appreciation",
            "subline": "{instansi}",
            "body": "for the work of judging public service innovations as",
            "rank": "{peran}",
            "closing": "{kegiatan}",
        },
    },
    CertificateKind.COMMITTEE: {
        "id": {
            **_GIVEN,
            "title": "Sertifikat Panitia",
            "body": "atas pengabdian dalam penyelenggaraan sebagai",
            "rank": "{peran}",
            "closing": "{kegiatan}",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Appreciation",
            "body": "for service in the organising committee as",
            "rank": "{peran}",
            "closing": "{kegiatan}",
        },
    },
    CertificateKind.PRESENCE: {
        "id": {
            **_GIVEN,
            "title": "Sertifikat Kehadiran",
            "subline": "{instansi}",
            "body": "atas kehadiran dan peran serta dalam",
            "rank": "{kegiatan}",
            "closing": "{hari}\n{kompetisi} Tahun {tahun}",
        },
        "en": {
            **_GIVEN_EN,
            "title": "Certificate of Attendance",
            "subline": "{instansi}",
            "body": "for attending and taking part in",
            "rank": "{kegiatan}",
            "closing": "{hari}\n{kompetisi} {tahun}",
        },
    },
}

_TOKEN = re.compile(r"\{([^{}\n]*)\}|([{}])")


@dataclass(frozen=True)
class Run:
    """Some words in one style."""

    text: str
    is_strong: bool = False


Line = tuple[Run, ...]


def mistakes(kind: str, text: str) -> list[str]:
    """Name what is wrong with the placeholders of a text, each with its line."""
    known = {each.name for each in PLACEHOLDERS[kind]}
    return [
        _mistake(number, match, known)
        for number, line in enumerate(text.splitlines(), start=1)
        for match in _TOKEN.finditer(line)
        if match[2] or match[1] not in known
    ]


def _mistake(line: int, match: re.Match[str], known: set[str]) -> str:
    if match[2]:
        return _(
            "Line %(line)d: a brace stands alone. Write placeholders as %(one)s."
        ) % {"line": line, "one": "{kegiatan}"}
    return _("Line %(line)d: %(name)s is no placeholder here. There are: %(all)s.") % {
        "line": line,
        "name": match[0],
        "all": ", ".join(f"{{{name}}}" for name in sorted(known)),
    }


def uses(text: str, name: str) -> bool:
    """Whether the placeholder `name` stands in `text`."""
    return any(match[1] == name for match in _TOKEN.finditer(text))


def filled(kind: str, text: str, values: Values, language: str) -> list[Line]:
    """Replace the placeholders of `text`; give its lines, empty ones left out.

    A value that differs by language has a second one under its name with "_en".
    """
    known = {each.name: each for each in PLACEHOLDERS[kind]}
    lines = [tuple(_runs(line, known, values, language)) for line in text.splitlines()]
    return [line for line in lines if any(run.text.strip() for run in line)]


def plain(kind: str, text: str, values: Values, language: str) -> str:
    """The same as words in one line."""
    lines = filled(kind, text, values, language)
    return " ".join("".join(run.text for run in line).strip() for line in lines)


def _runs(
    line: str, known: Mapping[str, Placeholder], values: Values, language: str
) -> Iterator[Run]:
    done = 0
    for match in _TOKEN.finditer(line):
        placeholder = known.get(match[1] or "")
        if placeholder is None:  # it was refused when it was saved; print it as it is
            continue
        yield Run(line[done : match.start()])
        value = values.get(placeholder.value, "")
        if language == "en":
            value = values.get(f"{placeholder.value}_en", value)
        yield Run(" ".join(str(value).split()), placeholder.is_strong)
        done = match.end()
    yield Run(line[done:])
