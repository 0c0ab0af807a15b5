"""What stands on a certificate: the values it is rendered from, for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import employee_numbers
from accounts.models import Government, Signatory
from awards import phrases
from awards.looks import Language
from awards.models import CertificateDesign, CertificateSigner, Decree
from awards.phrases import CertificateKind
from competitions.models import Round
from core.dates import format_date
from documents.models import DocumentKind

KIND = CertificateKind.WINNER.value
KINDS = tuple(CertificateKind.values)
TEMPLATE = "awards/pdf/certificate.html"
# What papers of each kind are about: the first word of their subject key.
_SUBJECTS = {
    CertificateKind.WINNER: "award",
    CertificateKind.FINALIST: "proposal",
    CertificateKind.PARTICIPANT: "proposal",
    CertificateKind.JUROR: "juror",
    CertificateKind.COMMITTEE: "committee",
    CertificateKind.PRESENCE: "registration",
}


def subject_key(kind: str, pk: int) -> str:
    """What the certificate of `kind` about the row `pk` is filed under."""
    return f"{_SUBJECTS[CertificateKind(kind)]}:{pk}"


def subject_pk(kind: str, key: str) -> int:
    """Read the id of the row that a certificate is about."""
    return int(key.removeprefix(f"{_SUBJECTS[CertificateKind(kind)]}:"))


@dataclass(frozen=True)
class Holder:
    """Somebody a certificate is due to, and what it is to say of them.

    `values` are those that differ from paper to paper; `public` are the pairs of the
    verification page; `remark` says what somebody should look at before ordering.
    """

    subject_key: str
    name: str
    detail: str
    values: Mapping[str, Any] = field(default_factory=dict)
    public: Sequence[tuple[str, str]] = ()
    group: str = ""
    remark: str = ""
    is_due: bool = True
    # Gets one only if somebody says so.
    is_doubtful: bool = False

    @property
    def key(self) -> str:
        """What names them in a form: no id of a row."""
        return salted_hmac(__name__, self.subject_key).hexdigest()[:16]


@dataclass(frozen=True)
class Signer:
    """An official as the paper names them."""

    signatory: Signatory
    role: str = CertificateSigner.Role.SIGNS.value


def title_of(kind: str, holder: Holder) -> str:
    """Name the paper, as in lists and in the name of its file."""
    rank = holder.values.get("award") or DocumentKind(kind).label
    what = holder.values.get("innovation") or holder.name
    return f"{rank} {what}"[:200]


def values_for(
    holder: Holder,
    *,
    round: Round,
    design: CertificateDesign,
    signers: Sequence[Signer],
    decree: Decree | None,
    day: date,
) -> dict[str, Any]:
    """Collect all that the certificate of `holder` says; `day` is printed on it."""
    return printed_values(
        holder,
        government=round.competition.government,
        common=common_values(round, decree),
        design=design,
        signers=signers,
        day=day,
        is_demonstration=round.is_demonstration,
    )


def printed_values(
    holder: Holder,
    *,
    government: Government,
    common: Mapping[str, str],
    design: CertificateDesign,
    signers: Sequence[Signer],
    day: date,
    is_demonstration: bool,
) -> dict[str, Any]:
    """Put the values of a paper together; `common` as of common_values()."""
    return {
        **common,
        **_dates(government.place, day),
        "kind": design.kind,
        "issuer": government.name,
        "government_emblem": government.emblem if design.shows_emblem else "",
        "letterhead": design.letterhead or government.name,
        "design": design.look(),
        "texts": {
            language: dict(design.texts_in(language)) for language in design.languages
        },
        "signers": [_signer_values(each) for each in signers],
        "is_demonstration": is_demonstration,
        "holder": holder.name,
        **holder.values,
        "public": [list(pair) for pair in holder.public],
    }


def event_of(round: Round) -> str:
    """Name the competition with its year, as on paper."""
    return _("%(competition)s of the year %(year)s") % {
        "competition": round.competition.name,
        "year": str(round.year),
    }


def common_values(round: Round, decree: Decree | None) -> dict[str, str]:
    """What all certificates of a round say alike."""
    name, year = round.competition.name, str(round.year)
    return {
        "competition": name,
        "year": year,
        "event": f"{name} Tahun {year}",
        "event_en": f"{name} {year}",
        "decree": decree.number if decree else "",
    }


def _dates(place: str, day: date) -> dict[str, str]:
    with translation.override(Language.INDONESIAN):
        indonesian = format_date(day)
    with translation.override(Language.ENGLISH):
        english = format_date(day)
    return {
        "day": indonesian,
        "day_en": english,
        "place_and_date": f"{place}, {indonesian}",
        "place_and_date_en": f"{place}, {english}",
    }


def _signer_values(signer: Signer) -> dict[str, str]:
    official = signer.signatory
    return {
        "role": signer.role,
        "position": official.position,
        "name": official.name,
        "rank": official.rank_grade,
        "number": employee_numbers.printed(official.employee_number),
        "number_name": employee_numbers.name_of(official.employee_number),
    }


def signers_of(design: CertificateDesign, default: Signatory | None) -> list[Signer]:
    """Who signs: those of the design, else the government's default."""
    chosen = list(design.signers.all()) if design.version else []
    if not chosen:
        return [Signer(default)] if default else []
    chosen.sort(key=lambda each: each.order)
    return [Signer(each.signatory, each.role) for each in chosen]


def used_placeholders(design: CertificateDesign) -> list[phrases.Placeholder]:
    """Those of a design that must have a value; below a name nothing need stand."""
    texts = [
        text
        for language in design.languages
        for part, text in design.texts_in(language).items()
        if part != "subline"
    ]
    return [
        each
        for each in phrases.PLACEHOLDERS[design.kind]
        if each.value not in {"number", "day", "issuer"}
        and any(phrases.uses(text, each.name) for text in texts)
    ]


def missing_for(
    placeholders: Sequence[phrases.Placeholder], values: phrases.Values
) -> list[str]:
    """Names of placeholders that have no value here."""
    return [f"{{{each.name}}}" for each in placeholders if not values.get(each.value)]
