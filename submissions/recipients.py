"""Whom the reminders of a stage are for, looked up at the moment they go out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Government, Institution, Membership, User
from competitions.models import ReminderAudience, Stage
from core.dates import as_local
from submissions import queries
from submissions.models import Correction, Proposal
from submissions.occasions import Occasion
from submissions.queries import Waiting
from submissions.signals import reminder_audience

Role = Membership.Role


@dataclass(frozen=True)
class Reached:
    """One person whom a reminder is for.

    `waiting` is what their institutions have to do with it; `tell` writes the message
    where an app above knows what it is about.
    """

    person: User
    waiting: Sequence[Waiting] = ()
    tell: Callable[[Occasion, datetime], None] | None = None

    def log_of(self, government: Government) -> Government:
        """In whose log the message belongs, where `government` runs the round.

        A winner sent on from elsewhere is a matter of its own government until it is
        submitted. Source: rule AWD-14 in docs/rules.md.
        """
        found = (each.institution for each in self.waiting)
        strangers = (each for each in found if each.government_id != government.pk)
        stranger = next(strangers, None)
        return stranger.government if stranger else government


def reached_from_above(stage: Stage, audience: str, at: datetime) -> list[Reached]:
    """The people of `audience` whom only an app above knows: jurors."""
    found: list[Reached] = []
    for _receiver, people in reminder_audience.send(
        Stage, stage=stage, audience=audience, at=at
    ):
        found += people  # type: ignore[arg-type]  # of any receiver, see `signals`
    return found


def waiting_in(stage: Stage, audience: str, at: datetime) -> list[Waiting]:
    """The institutions that `audience` means, with the proposals it is about.

    Load `round__competition__government` first.
    """
    government = stage.round.competition.government
    day = as_local(at, stage.round.zone).date()
    if audience == ReminderAudience.ADMINS:
        active = Institution.objects.filter(government=government).active_on(day)
        return [Waiting(each, ()) for each in active.order_by("name", "pk")]
    return _narrowed(
        queries.institutions_waiting(stage.round, government, day), audience
    )


def waiting_elsewhere(stage: Stage, audience: str) -> list[Waiting]:
    """The institutions of other governments that `audience` means.

    They are reminded as all others are; who runs the round is told nothing of them.
    """
    if audience == ReminderAudience.ADMINS:
        return []
    return _narrowed(queries.institutions_waiting_elsewhere(stage.round), audience)


def _narrowed(found: list[Waiting], audience: str) -> list[Waiting]:
    """Keep the proposals that `audience` is about, and whose they are."""
    if audience == ReminderAudience.WAITING:
        return found
    is_meant = _MEANT[audience]
    corrected = _being_corrected(found) if audience == ReminderAudience.RETURNED else ()
    narrowed = (
        Waiting(
            each.institution,
            tuple(p for p in each.drafts if is_meant(p) and p.pk not in corrected),
        )
        for each in found
    )
    return [each for each in narrowed if each.drafts]


_MEANT: Mapping[str, Callable[[Proposal], bool]] = {
    ReminderAudience.DRAFTS: lambda proposal: proposal.is_draft,
    ReminderAudience.RETURNED: lambda proposal: (
        proposal.is_editable and not proposal.is_draft
    ),
    ReminderAudience.ENDORSING: lambda proposal: proposal.is_endorsing,
}


def _being_corrected(waiting: Sequence[Waiting]) -> set[int]:
    """What has a moment of its own to be corrected by, and its own reminders."""
    proposals = [draft.pk for each in waiting for draft in each.drafts]
    running = Correction.objects.open().filter(proposal__in=proposals)
    return set(running.values_list("proposal", flat=True))


def people_of(audience: str, waiting: Iterable[Waiting]) -> list[Reached]:
    """Give each person once, with all their institutions, in two queries."""
    listed = list(waiting)
    by_institution = {each.institution.pk: each for each in listed}
    found: dict[User, set[int]] = defaultdict(set)
    roles = [Role.AUTHOR, Role.INSTITUTION_ADMIN]
    if audience in {ReminderAudience.ENDORSING, ReminderAudience.ADMINS}:
        roles = [Role.INSTITUTION_ADMIN]
    own = Membership.objects.current().filter(
        institution__in=by_institution, role__in=roles, user__is_active=True
    )
    for membership in own.select_related("user"):
        if membership.institution_id is not None:  # the filter above
            found[membership.user].add(membership.institution_id)
    above = _admins_above([each.institution for each in listed if each.drafts])
    for person, institution in above:
        found[person].add(institution.pk)
    return [
        Reached(person, [by_institution[pk] for pk in by_institution if pk in mine])
        for person, mine in sorted(found.items(), key=lambda pair: pair[0].pk)
    ]


def _admins_above(
    institutions: Sequence[Institution],
) -> list[tuple[User, Institution]]:
    if not institutions:
        return []
    paths = {path for each in institutions for path in queries.paths_above(each)}
    admins = Membership.objects.current().filter(
        role=Role.INSTITUTION_ADMIN,
        institution__path__in=paths,
        user__is_active=True,
    )
    return [
        (membership.user, each)
        for membership in admins.select_related("user", "institution")
        for each in institutions
        if membership.institution is not None
        and membership.institution.government_id == each.government_id
        and each.path.startswith(membership.institution.path)
    ]
