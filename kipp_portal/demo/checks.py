"""The result of the administrative check, made known, and objections to it."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Membership, User
from kipp_portal.demo.files import unwrap
from kipp_portal.demo.proposals import Rules
from kipp_portal.demo.timeline import Story
from submissions import publication, services
from submissions.models import Objection, Proposal


def tell_result(
    data: Mapping[str, Any], rules: Rules, written: Mapping[str, Proposal]
) -> Story:
    """Publish the result as one act, then hear who objects."""
    at = rules.clock.past(data["at"])
    yield at
    found = publication.publication_of(rules.round)
    services.publish_screening(
        round=rules.round,
        expected=found.digest,
        number=data["number"],
        issued_date=at.date(),
        title=data["title"],
        body=publication.announcement_text(rules.round, found),
        kept_reason=data.get("kept_reason", ""),
        actor=rules.secretariat,
        at=at,
    )
    for each in data.get("objections", []):
        yield from _tell_objection(each, rules, written[each["proposal"]])


def _tell_objection(data: Mapping[str, Any], rules: Rules, proposal: Proposal) -> Story:
    at = rules.clock.past(data["at"])
    yield at
    objection: Objection = services.file_objection(
        proposal=proposal,
        text=unwrap(data["text"]),
        files=[],
        actor=User.objects.get(
            membership__institution=proposal.institution_id,
            membership__role=Membership.Role.AUTHOR,
        ),
        at=at,
    )
    if "answered" in data:
        at = rules.clock.past(data["answered"])
        yield at
        services.answer_objection(
            objection=objection,
            upheld=data["upheld"],
            answer=unwrap(data["answer"]),
            actor=rules.secretariat,
            at=at,
        )
