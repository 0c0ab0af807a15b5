"""Events of a round: planned, registered for, attended."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from competitions import services
from competitions.models import Round
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of


def load_events(
    events: Iterable[Mapping[str, Any]], round: Round, clock: Clock
) -> None:
    """Plan the events of a round, register its guests, note who has come."""
    actor = secretariat_of(round.competition.government)
    for data in events:
        event = services.create_event(
            round=round,
            data=services.EventData(
                kind=data["kind"],
                name=data["name"],
                description=data.get("description", ""),
                starts_at=clock.moment(data["starts"]),
                ends_at=clock.moment(data["ends"]),
                place=data.get("place", ""),
                link=data.get("link", ""),
                takes_registrations=True,
                capacity=data.get("capacity"),
                registration_closes_at=None,
            ),
            actor=actor,
            at=clock.past(data["planned"]),
        )
        for email in data.get("guests", []):
            user = User.objects.get(email=email)
            institution = user.current_memberships[0].institution
            assert institution is not None  # guests work for institutions
            registration = services.register(
                event=event,
                user=user,
                institution=institution,
                at=clock.past(data["registered"]),
            )
            if "attended" in data:
                services.mark_attendance(
                    registration=registration,
                    actor=actor,
                    at=clock.past(data["attended"]),
                )
