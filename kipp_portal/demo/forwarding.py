"""Winners sent on: to a round of the province, and out of the portal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from accounts.models import Government, Membership, User
from awards import services
from awards.models import Award, Forwarding
from competitions.models import Round
from innovations.services import AchievementData
from kipp_portal.demo import files, proposals
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of
from kipp_portal.demo.timeline import play
from submissions import services as submissions_services


def is_loaded() -> bool:
    return Forwarding.objects.exists()


def load_forwarding(data: Mapping[str, Any], clock: Clock) -> None:
    """Let the higher round take winners, and tell how each of them fares."""
    round = Round.objects.of_government().get(slug=data["to"])
    services.accept_governments(
        round=round,
        governments=list(Government.objects.filter(slug__in=data["takes"])),
        actor=secretariat_of(round.competition.government),
        at=clock.past(data["chosen"]),
    )
    play(_tell(each, data, round, clock) for each in data["forwardings"])


def _tell(
    story: Mapping[str, Any], data: Mapping[str, Any], round: Round, clock: Clock
) -> Iterator[datetime]:
    award = Award.objects.for_list().get(
        row__result__round__slug=data["from"],
        row__title__startswith=f"{story['innovation']}:",
    )
    institution = award.row.proposal.institution
    sender = secretariat_of(institution.government)
    head = proposals.person_of(institution, Membership.Role.INSTITUTION_ADMIN)
    outside = story.get("destination", "")
    yield (at := clock.past(story["asked"]))
    forwarding = services.ask_forwarding(
        award=award,
        round=None if outside else round,
        track=None if outside else round.track_set.get(code=data["track"]),
        destination=outside,
        note=story["note"],
        actor=sender,
        at=at,
    )
    if "agreed" in story:
        yield (at := clock.past(story["agreed"]))
        forwarding = services.agree_forwarding(forwarding=forwarding, actor=head, at=at)
    if "submitted" in story:
        yield from _submit(forwarding, story, data["from"], head, clock)
    if result := story.get("result"):
        yield (at := clock.past(result["at"]))
        services.note_result(
            forwarding=forwarding,
            data=AchievementData(
                result["level"], result["competition"], result["year"]
            ),
            actor=sender,
            at=at,
        )


def _submit(
    forwarding: Forwarding,
    story: Mapping[str, Any],
    key: str,
    head: User,
    clock: Clock,
) -> Iterator[datetime]:
    """Sign the draft anew and submit it; its texts and files have come along."""
    draft = forwarding.proposal
    assert draft is not None  # it was agreed to
    assert forwarding.round is not None
    author = proposals.person_of(draft.institution, Membership.Role.AUTHOR)
    file = next(each for each in files.proposals(key) if each.title == draft.title)
    yield (at := clock.past(story["sent"]))
    rules = proposals.Rules(forwarding.round, clock)
    proposals.sign(draft, file, rules, actor=author, head=head, at=at)
    submissions_services.send_proposal(proposal=draft, actor=author, at=at)
    yield (at := clock.past(story["submitted"]))
    submissions_services.submit_proposal(proposal=draft, actor=head, at=at)
