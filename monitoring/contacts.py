"""Whom to ask about a proposal that is not sent yet, and what to write."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Institution, Membership
from competitions.models import Round
from core import dates
from notifications import chats
from notifications.models import ChatConsent
from submissions.models import Proposal

SHOWN_GAPS = 3


@dataclass(frozen=True)
class Person:
    """Somebody of an institution whom the secretariat can reach."""

    name: str
    role: str
    phone: str
    email: str
    number: str = ""
    chat_url: str = ""


def people_of(institutions: Iterable[Institution]) -> Mapping[int, list[Person]]:
    """Who can be asked, by the id of the institution: heads first, in one query."""
    found: dict[int, list[Person]] = defaultdict(list)
    # Proved or not: a human sees whom they write to.
    own_numbers = ChatConsent.objects.given().filter(user=OuterRef("user"))
    memberships = (
        Membership.objects.current()
        .filter(
            institution__in=[each.pk for each in institutions],
            role__in=[Membership.Role.AUTHOR, Membership.Role.INSTITUTION_ADMIN],
            user__is_active=True,
        )
        .select_related("user")
        .annotate(own_number=Subquery(own_numbers.values("number")[:1]))
        .order_by("-role", "user__name", "pk")
    )
    for each in memberships:
        assert each.institution_id is not None  # the filter above
        found[each.institution_id].append(
            Person(
                each.user.name,
                str(each.get_role_display()),
                each.user.phone,
                each.user.email,
                number=each.own_number or "",
            )
        )
    return found


def message_text(
    round: Round,
    institution: Institution,
    closes_at: datetime,
    *,
    proposal: Proposal | None = None,
    lacking: Sequence[str] = (),
) -> str:
    """A text to send by hand: what is open, until when, and where to go on."""
    closing = dates.format_datetime(closes_at, zone=round.zone)
    lines = [
        _("Dear colleagues of %(institution)s,") % {"institution": institution.name}
    ]
    if proposal is None:
        lines.append(
            _("%(institution)s has no proposal in %(round)s yet.")
            % {"institution": institution.name, "round": round.name}
        )
        path = reverse("submissions:proposal_create", args=[round.slug])
    else:
        lines.append(
            _("The proposal “%(title)s” for %(round)s is not submitted yet.")
            % {"title": proposal.title, "round": round.name}
        )
        path = proposal.get_absolute_url()
        if lacking:
            named = "; ".join(lacking[:SHOWN_GAPS])
            if (left := len(lacking) - SHOWN_GAPS) > 0:
                rest = _("and %(number)s more") % {"number": left}
                named = f"{named}; {rest}"
            lines.append(_("Still missing: %(parts)s.") % {"parts": named})
    lines += [
        _("Submission closes on %(moment)s.") % {"moment": closing},
        _("Go on here: %(url)s") % {"url": f"{settings.BASE_URL.rstrip('/')}{path}"},
        _("Tell us if you need help. %(secretariat)s")
        % {"secretariat": round.competition.government.secretariat_name},
    ]
    return "\n\n".join(lines)


def with_chats(people: Iterable[Person], text: str) -> list[Person]:
    """Add to each person the link that opens a chat with `text` written.

    The number they gave for WhatsApp comes before the telephone of their account.
    """
    return [
        replace(each, chat_url=chats.chat_link(_number_of(each), text))
        for each in people
    ]


def _number_of(person: Person) -> str:
    return f"+{person.number}" if person.number else person.phone
