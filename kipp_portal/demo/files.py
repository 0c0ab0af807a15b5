"""Reading the files of `demo/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

DIRECTORY = Path(settings.BASE_DIR) / "demo"
# In this order they are loaded: certificates of the finished round come first.
ROUNDS = (
    "kipp-kota-tegal-2021",
    "kipp-kota-tegal-2022",
    "kipp-kota-tegal-2023",
    "kipp-kabupaten-pekalongan-2021",
    "kompetisi-inovasi-kota-magelang-2022",
    "kipp-provinsi-jawa-tengah-2022",
    "zona-integritas-kota-pekalongan-2020",
    "kipp-kota-pekalongan-2022",
    "kipp-provinsi-jawa-tengah-2023",
)


@dataclass(frozen=True)
class ProposalFile:
    """One proposal: what was written, and when it went where.

    `history` maps created, saved, sent, endorsed, returned, reopened, screened,
    disqualified and withdrawn to moments; `not_met` maps the codes of requirements to
    the secretariat's notes.
    """

    slug: str
    title: str
    institution: str
    track: str
    category: str
    state: str
    history: Mapping[str, str]
    header: Mapping[str, Any]
    answers: Mapping[str, str]
    evidence: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    not_met: Mapping[str, str] = field(default_factory=dict)
    screening_note: str = ""
    return_note: str = ""
    reopen_reason: str = ""
    withdraw_reason: str = ""
    disqualify_reason: str = ""


@dataclass(frozen=True)
class SheetFile:
    """A juror's sheet: scores in the order of `criteria`, None for one not given."""

    juror: str
    proposal: str
    scores: Mapping[str, int | None]
    notes: Mapping[str, str]
    is_final: bool


def governments() -> list[dict[str, Any]]:
    """Those that run competitions, parents before children."""
    found: list[dict[str, Any]] = _read("governments.yaml")
    return found


def accounts() -> dict[str, Any]:
    """Everybody who signs in: `administrators`, and people by government."""
    found: dict[str, Any] = _read("accounts.yaml")
    return found


def round_file(key: str) -> dict[str, Any]:
    """What a round is, when its stages run and who judges it."""
    found: dict[str, Any] = _read(f"rounds/{key}.yaml")
    return found


def proposals(key: str) -> list[ProposalFile]:
    """The proposals of a round, in the order in which they were begun."""
    directory = DIRECTORY / "proposals" / key
    return [
        _proposal(path)
        for path in sorted(directory.glob("*.yaml"), key=lambda p: p.stem)
    ]


def sheets(key: str) -> list[SheetFile]:
    """The score sheets of a round."""
    if not (DIRECTORY / f"scores/{key}.yaml").exists():
        return []
    data = _read(f"scores/{key}.yaml")
    return [
        SheetFile(
            juror=juror,
            proposal=slug,
            scores=dict(zip(data["criteria"], sheet["scores"], strict=True)),
            notes=sheet.get("notes", {}),
            is_final=sheet["final"],
        )
        for juror, by_proposal in data["sheets"].items()
        for slug, sheet in (by_proposal or {}).items()
    ]


def register() -> dict[str, Any]:
    """What the register of innovations tells beside proposals, and who was reminded."""
    found: dict[str, Any] = _read("register.yaml")
    return found


def forwarding() -> dict[str, Any]:
    """Which winners are sent on, where to, and what became of it."""
    found: dict[str, Any] = _read("forwarding.yaml")
    return found


def unwrap(text: str) -> str:
    """Join the lines of each paragraph; the files are wrapped to be read."""
    return "\n\n".join(
        " ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")
    )


def _proposal(path: Path) -> ProposalFile:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    answers = {code: unwrap(text) for code, text in data.pop("answers").items()}
    return ProposalFile(slug=path.stem, answers=answers, **data)


def _read(name: str) -> Any:
    return yaml.safe_load((DIRECTORY / name).read_text(encoding="utf-8"))
