"""The announcement of the winners: as a paper, as a text for the press.

Source: rules AWD-02 and AWD-11 in docs/rules.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import employee_numbers
from accounts.models import Signatory
from awards.decrees import head_of
from awards.models import Award, Decree
from competitions.models import Round
from core.dates import format_date
from documents.models import DocumentKind

KIND = DocumentKind.ANNOUNCEMENT.value
TEMPLATE = "awards/pdf/announcement.html"
NUMBER_PATTERN = "{seq:03}/PENG-KIPP/{year}"


def subject_key(round: Round) -> str:
    """What the announcement of `round` is filed under."""
    return f"round:{round.pk}:announcement"


def title_of(round: Round) -> str:
    """Name the paper, as in lists and in the name of its file."""
    return _("Announcement of the winners, %(round)s") % {"round": round.name}


def page_url(round: Round) -> str:
    """The whole address of the public page of the winners."""
    path = reverse("awards:winner_list", args=[round.slug])
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def values_of(
    round: Round,
    *,
    decree: Decree,
    awards: Sequence[Award],
    signatory: Signatory,
    day: date,
) -> dict[str, Any]:
    """Collect all that the announcement says; `day` is printed on it.

    A revoked award is named as such, where the public may have read it before.
    """
    government = round.competition.government
    return {
        "issuer": government.name,
        "government_emblem": government.emblem,
        "government_address": government.address,
        "government_contact": government.contact,
        "secretariat_name": government.secretariat_name,
        "round": round.name,
        "competition": round.competition.name,
        "year": str(round.year),
        "official": head_of(government),
        "decree": decree.number,
        "decree_day": format_date(decree.decree_date),
        "groups": [
            {"name": name, "rows": [_row(award) for award in rows]}
            for name, rows in by_group(awards)
        ],
        "revoked": [
            _row(award) | {"reason": award.revoke_reason}
            for award in awards
            if award.is_revoked
        ],
        "page": page_url(round).partition("://")[2],
        "place_and_date": f"{government.place}, {format_date(day)}",
        "signatory_position": signatory.position,
        "signatory_name": signatory.name,
        "signatory_rank": signatory.rank_grade,
        "signatory_number": employee_numbers.printed(signatory.employee_number),
        "signatory_number_name": employee_numbers.name_of(signatory.employee_number),
        "is_demonstration": round.is_demonstration,
        "public": [
            [_("Competition"), round.name],
            [_("Decree"), decree.number],
        ],
    }


def by_group(awards: Sequence[Award]) -> list[tuple[str, list[Award]]]:
    """The standing awards by the group they were given in, in their order."""
    groups: dict[str, list[Award]] = {}
    for award in awards:
        if not award.is_revoked:
            groups.setdefault(award.group_name, []).append(award)
    return list(groups.items())


def _row(award: Award) -> dict[str, str]:
    category = award.row.proposal.category
    return {
        "award": award.name,
        "title": award.row.title,
        "institution": award.row.institution_name,
        "category": category.name if category else "",
        "prize": award.level.prize,
    }


def summary(round: Round, awards: Sequence[Award]) -> str:
    """One sentence on the winners, for search engines and shared links."""
    standing = [award for award in awards if not award.is_revoked]
    first = "; ".join(
        _("%(award)s: %(title)s, %(institution)s")
        % {
            "award": award.name,
            "title": award.row.title,
            "institution": award.row.institution_name,
        }
        for award in standing[:3]
    )
    return _("Winners of %(round)s. %(first)s.") % {"round": round.name, "first": first}


def press_text(
    round: Round,
    *,
    decree: Decree | None,
    awards: Sequence[Award],
    proposals: int,
    institutions: int,
) -> str:
    """A text for the press out of the facts, to be edited before it is sent.

    `proposals` were judged worthy of the jury, of so many `institutions`.
    """
    government = round.competition.government
    standing = [award for award in awards if not award.is_revoked]
    day = format_date(decree.decree_date) if decree else "…"
    parts = [
        _("%(government)s announces the winners of %(round)s")
        % {"government": government.name, "round": round.name},
        _(
            "%(place)s, %(day)s. %(government)s has fixed the winners of %(round)s by "
            "decree of the %(official)s number %(number)s."
        )
        % {
            "place": government.place.upper(),
            "day": day,
            "government": government.name,
            "round": round.name,
            "official": head_of(government),
            "number": decree.number if decree else "…",
        }
        + " "
        + ngettext(
            "%(count)d award goes to innovations",
            "%(count)d awards go to innovations",
            len(standing),
        )
        % {"count": len(standing)}
        + " "
        + _("out of %(proposals)d proposals of %(institutions)d institutions.")
        % {"proposals": proposals, "institutions": institutions},
    ]
    if round.theme:
        parts.append(_("The theme of this year: %(theme)s") % {"theme": round.theme})
    for name, rows in by_group(awards):
        lines = [f"{name}:"] if name else []
        lines += [_line(award) for award in rows]
        parts.append("\n".join(lines))
    parts.append(
        _("All winners, with what their innovations do: %(page)s")
        % {"page": page_url(round)}
    )
    contact = f" ({government.contact})" if government.contact else ""
    parts.append(_("Contact: %(who)s") % {"who": f"{round.organiser}{contact}"})
    return "\n\n".join(parts)


def _line(award: Award) -> str:
    category = award.row.proposal.category
    return _("%(award)s: “%(title)s” of %(institution)s%(category)s") % {
        "award": award.level.name,
        "title": award.row.title,
        "institution": award.row.institution_name,
        "category": f" ({category.name})" if category else "",
    }
