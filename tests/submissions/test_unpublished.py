"""A decision that is not published changes nothing that anybody else can see."""

import re

import pytest
from django.urls import reverse

from notifications.models import Message
from submissions.models import Proposal, ProposalState
from submissions.services import Verdict
from tests.factories.accounts import (
    AuthorFactory,
    LeaderFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.screening import decide, publish
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
REFUSED = Verdict(is_met=False, reason_code="UMUR_KURANG", note="Baru enam bulan.")


def plain(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace")
    # How much time has passed, and what time it is.
    text = re.sub(r"<progress[^>]*>|\d{1,2}\.\d{2}", "", text)
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce|data-[a-z]+)="[^"]*"', "", text)
    return f"{answer.status_code} {text}"


def test_nobody_but_the_secretariat_can_tell_a_decision(client, live_city):
    city = live_city
    proposal = ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )
    other = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)
    competing = SecretariatFactory(government=city.government)
    MembershipFactory(user=competing, institution=other.institution)
    people = [
        city.author,
        city.head,
        AuthorFactory(institution=other.institution),
        LeaderFactory(government=city.government),
        competing,
        None,
    ]
    addresses = [
        reverse("dashboard"),
        reverse("home"),
        reverse("notifications:message_list"),
        reverse("submissions:proposal_list"),
        proposal.get_absolute_url(),
        reverse("submissions:receipt_detail", args=[proposal.code]),
        reverse("submissions:objection_detail", args=[proposal.code]),
        reverse("submissions:screening_edit", args=[proposal.code]),
        reverse("submissions:screening_list", args=[city.round.slug]),
        reverse("submissions:objection_list", args=[city.round.slug]),
        city.round.get_absolute_url(),
        reverse("monitoring:round_dashboard", args=[city.round.slug]),
        reverse("monitoring:leader_overview"),
    ]

    def seen() -> dict[tuple[str, str], str]:
        found = {}
        for person in people:
            client.logout()
            if person:
                client.force_login(person)
            for address in addresses:
                found[str(person), address] = plain(client.get(address))
        return found

    seen()  # what is noted at a first visit is noted now
    before = seen()
    decide(proposal, city.secretary, umur=REFUSED)
    decide(other, city.secretary)

    now = seen()
    for key, text in now.items():
        lines, old = text.splitlines(), before[key].splitlines()
        assert [each for each in lines if each not in old] == [], key
    assert not Message.objects.exists()
    publish(city.round, actor=city.secretary)
    assert Proposal.objects.get(pk=proposal.pk).has_failed
    after = seen()
    changed = {
        where for (who, where), text in after.items() if text != before[who, where]
    }
    assert proposal.get_absolute_url() in changed  # or else nothing was proved
