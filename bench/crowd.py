"""The authors of a deadline minute, and what each will do in it.

Built from one complete proposal by the national form, copied: 600 would else take
minutes. Sessions are made in the database, as signing in would.
"""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.cached_db import SessionStore
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import Institution, Membership, User
from bench.load import AUTOSAVE, SUBMISSION, Act
from bench.province import text_of
from competitions.models import Round, Stage
from innovations.models import Innovation
from submissions import requirements
from submissions.dossier import load_dossier
from submissions.models import Answer, Evidence, Proposal, StatementLetter
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import CompetitionFactory
from tests.factories.submissions import complete_proposal

AUTOSAVES_EACH = 6
SECTION = "kebaruan"
# Of a rush the last sixth of the time before the closing holds nearly a third of all
# that is sent; what comes after it is refused or kept as late.
BURST, RUSH_SHARE, CLOSING = 1 / 6, 0.3, 0.95


@dataclass(frozen=True)
class Crowd:
    """The round, and of each author the proposal and the session."""

    round: Round
    proposals: Sequence[Proposal]
    sessions: Sequence[str]


def build_crowd(authors: int, make_round: Any) -> Crowd:
    """Make `authors` people, three to an institution, each with a whole draft."""
    mark = get_random_string(5, "bcdfghjkmnpqrstvwxyz")  # it may be done again
    government = GovernmentFactory(
        code=f"99.{mark}", slug=f"kota-{mark}", short_name="Kota Tenggat"
    )
    secretary = SecretariatFactory(government=government, email=f"s@{mark}.example")
    competition = CompetitionFactory(government=government, slug=f"kipp-{mark}")
    round = make_round(competition, secretary, year=2023, edition=1, days_in=-10)
    round.endorsement_required = False
    round.save(update_fields=["endorsement_required"])
    bodies = InstitutionFactory.create_batch(-(-authors // 3), government=government)
    people = _people(authors, bodies, mark)
    first = _innovation(bodies[0], mark, "asal")
    first.save()
    model = complete_proposal(
        round=round,
        institution=bodies[0],
        innovation=first,
        created_by=people[0],
        code=f"KIPP-{mark}-ASAL".upper(),
    )
    missing = [
        each.requirement.title
        for each in requirements.evaluate_all(load_dossier(model))
        if each.is_not_met
    ]
    assert not missing, missing
    proposals = _copies(model, people, bodies, mark)
    return Crowd(round, proposals, [sign_in(person) for person in people])


def _people(authors: int, bodies: Sequence[Institution], mark: str) -> list[User]:
    password = make_password(None)
    people = User.objects.bulk_create(
        UserFactory.build(email=f"penulis{number}@{mark}.example", password=password)
        for number in range(authors)
    )
    Membership.objects.bulk_create(
        Membership(
            user=person,
            role=Membership.Role.AUTHOR,
            institution=bodies[number // 3],
            from_date=timezone.localdate() - timedelta(days=30),
        )
        for number, person in enumerate(people)
    )
    return people


def _innovation(body: Institution, mark: str, name: str) -> Innovation:
    return Innovation(
        institution=body,
        title=f"Inovasi {mark} {name}",
        slug=f"inovasi-{mark}-{name}",
        created_at=timezone.now(),
    )


def _copies(
    model: Proposal,
    people: Sequence[User],
    bodies: Sequence[Institution],
    mark: str,
) -> list[Proposal]:
    """Copy `model` with all its parts for each of `people`."""
    innovations = Innovation.objects.bulk_create(
        _innovation(bodies[number // 3], mark, str(number))
        for number in range(len(people))
    )
    same = {
        field.attname: getattr(model, field.attname)
        for field in Proposal._meta.concrete_fields
        if field.attname not in ("id", "code")
    }
    proposals = Proposal.objects.bulk_create(
        Proposal(
            **{
                **same,
                "code": f"KIPP-{mark}{number:04}".upper(),
                "title": innovation.title,
                "innovation_id": innovation.pk,
                "institution_id": innovation.institution_id,
                "created_by_id": person.pk,
            }
        )
        for number, (person, innovation) in enumerate(
            zip(people, innovations, strict=True)
        )
    )
    for part in (Answer, Evidence, StatementLetter):
        _copy_parts(part, model, proposals)
    return proposals


def _copy_parts(part: Any, model: Proposal, proposals: Sequence[Proposal]) -> None:
    rows = list(part.objects.filter(proposal=model))
    chance = random.Random(1)
    copies = []
    for proposal in proposals:
        for row in rows:
            values = {
                field.attname: getattr(row, field.attname)
                for field in part._meta.concrete_fields
                if field.attname != "id"
            }
            values["proposal_id"] = proposal.pk
            if "key" in values:
                values["key"] = f"{proposal.pk:08}{chance.randrange(10**12):012}"
            if part is Answer:
                values["text"] = text_of(chance, 90)  # within every limit
            copies.append(part(**values))
    part.objects.bulk_create(copies, batch_size=1_000)


def sign_in(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


def plan(crowd: Crowd, *, seconds: float, is_rush: bool = False) -> list[Act]:
    """Say who does what when, in seconds from the start; the same every time.

    Evenly over the time, or ever more towards the closing if it `is_rush`. Six of ten
    authors submit, one in ten of those with a double click; there are six autosaves
    to an author, each by somebody who has not submitted yet. Some come too late.
    """
    chance = random.Random(60)
    burst_share = RUSH_SHARE if is_rush else 0
    authors = range(len(crowd.proposals))
    submitters = round_of(len(authors) * 0.6)
    last = [
        _moment(chance, seconds, burst_share)
        if number < submitters
        else closing(seconds)
        for number in authors
    ]
    acts = [
        _submission(crowd, number, last[number], is_double=number % 10 == 0)
        for number in range(submitters)
    ]
    saved = [0] * len(authors)
    for at in sorted(
        _moment(chance, seconds, burst_share)
        for _ in range(AUTOSAVES_EACH * len(authors))
    ):
        number = chance.choice([each for each in authors if last[each] > at])
        saved[number] += 1
        mark = f"{crowd.proposals[number].code} simpanan {saved[number]}"
        acts.append(_autosave(crowd, number, at, mark, chance))
    for number in range(submitters, len(authors)):
        after = chance.uniform(closing(seconds) + 0.3, seconds)
        if number % 8 == 0:
            acts.append(_submission(crowd, number, after))
        elif number % 4 == 0:
            mark = f"{crowd.proposals[number].code} terlambat"
            acts.append(_autosave(crowd, number, after, mark, chance))
    return sorted(acts, key=lambda act: act.at)


def closing(seconds: float) -> float:
    return seconds * CLOSING


def round_of(number: float) -> int:
    return int(number + 0.5)


def _moment(chance: random.Random, seconds: float, burst_share: float) -> float:
    """Some moment before the closing, `burst_share` of them in its last part."""
    end = closing(seconds) - 0.3
    begin = end * (1 - BURST) if chance.random() < burst_share else 0.5
    return chance.uniform(begin, end)


def _submission(
    crowd: Crowd, number: int, at: float, *, is_double: bool = False
) -> Act:
    return Act(
        at=at,
        kind=SUBMISSION,
        author=number,
        session=crowd.sessions[number],
        path=f"/proposal/{crowd.proposals[number].code}/kirim/",
        fields={"statement": "on"},
        is_double=is_double,
    )


def _autosave(
    crowd: Crowd, number: int, at: float, mark: str, chance: random.Random
) -> Act:
    text = f"{mark}. {text_of(chance, 180)}"
    return Act(
        at=at,
        kind=AUTOSAVE,
        author=number,
        session=crowd.sessions[number],
        path=f"/proposal/{crowd.proposals[number].code}/bagian/{SECTION}/",
        fields={"text": text, "html": f"<p>{text}</p>", "autosave": "1"},
        mark=mark,
    )


def close_at(crowd: Crowd, moment: datetime) -> None:
    """Let the submission of the crowd's round close at `moment`."""
    stage = Stage.objects.get(round=crowd.round, kind=Stage.Kind.SUBMISSION)
    later = Stage.objects.filter(round=crowd.round, opens_at__gte=stage.closes_at)
    assert later.exists()
    stage.closes_at = moment
    stage.save(update_fields=["closes_at"])


def as_json(acts: Sequence[Act]) -> list[dict[str, Any]]:
    return [asdict(act) for act in acts]
