"""A small world in which every route has something to answer with.

Two governments of the same shape, each with rounds in every phase, proposals in every
state, sheets, results, awards and papers. What somebody may not see carries a word of
its own, see `Marker`: a page that shows the word to anybody else leaks.
"""

from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import Government, Institution, KeptForm, Membership, User
from accounts.sessions import session_name
from notifications import kinds, troubles, unsubscribing
from tests.factories import accounts, notifications
from tests.factories.messages import AddressTroubleFactory
from tests.project import (
    world_events,
    world_institutions,
    world_messages,
    world_people,
    world_privacy,
    world_register,
    world_rounds,
    world_winners,
)
from tests.project.city import DAY, IMPARTIAL, PEOPLE, City, Marker


@dataclass
class World:
    """The city that rows speak of, and another one."""

    city: City
    foreign: City
    people: dict[str, User]

    @property
    def markers(self) -> list[Marker]:
        return self.city.markers + self.foreign.markers

    def resolve(self, text: str) -> str:
        """Turn "draft.code" into that code; text without a dot stands for itself."""
        return str(attrgetter(text)(self.city)) if "." in text else text


def build_world(*, size: int = 1) -> World:
    """Build it, with `size` times as many of everything that can be many."""
    province = accounts.GovernmentFactory(
        kind=Government.Kind.PROVINCE, code="33", slug="provinsi"
    )
    city = _build_city("tanda", "", size, code="33.76", parent=province)
    foreign = _build_city("asing", "_foreign", size, code="32.01")
    people = {
        name: foreign.people[name.removesuffix("_foreign")]
        if name.endswith("_foreign")
        else city.people[name]
        for name in PEOPLE
        if name != "leader_above"
    }
    people["leader_above"] = accounts.LeaderFactory(government=province)
    world_winners.build_forwarding(city, foreign)
    world_winners.build_forwarding(foreign, city)
    _build_go_between(city, foreign)
    return World(city=city, foreign=foreign, people=people)


def _build_city(prefix: str, suffix: str, size: int, **fields: Any) -> City:
    government = accounts.GovernmentFactory(**fields)
    accounts.SignatoryFactory(government=government)
    city = City(prefix=prefix, suffix=suffix, government=government)
    _build_institutions(city, size)
    _build_people(city)
    _build_traces(city)
    world_rounds.build_rounds(city, size)
    world_winners.build_publication(city)
    world_register.build_register(city, size)
    world_events.build_events(city, size)
    world_institutions.build_history(city, size)
    _build_messages(city, size)
    world_messages.build_writing(city, size)
    world_people.build_people(city, size)
    world_privacy.build_privacy(city, size)
    return city


def _build_institutions(city: City, size: int) -> None:
    def institution(code: str, parent: Institution | None = None) -> Institution:
        return accounts_services.create_institution(
            government=city.government,
            kind=Institution.Kind.AGENCY,
            code=code,
            name=f"Dinas {city.prefix} {code}",
            short_name=f"Dinas {code}",
            actor=None,
            at=timezone.now(),
            parent=parent,
        )

    above = institution("ATAS")
    city.things |= {
        "above": above,
        "own": institution("SENDIRI", above),
        "other": institution("LAIN"),
        # The bodies that grow in number; half stand below the one above.
        "more": [
            institution(f"LEBIH-{n}", above if n % 2 else None)
            for n in range(2 * size - 2)
        ],
    }


def _build_people(city: City) -> None:
    """Make everybody of `city`, with their roles."""
    role = Membership.Role
    held: dict[str, list[tuple[str, Government | Institution]]] = {
        "author": [(role.AUTHOR, city.own)],
        "author_other": [(role.AUTHOR, city.other)],
        "admin": [(role.INSTITUTION_ADMIN, city.own)],
        "admin_above": [(role.INSTITUTION_ADMIN, city.above)],
        "admin_other": [(role.INSTITUTION_ADMIN, city.other)],
        "secretariat": [(role.SECRETARIAT, city.government)],
        "secretariat_competing": [
            (role.SECRETARIAT, city.government),
            (role.AUTHOR, city.other),
        ],
        "leader": [(role.LEADER, city.government)],
        "former": [(role.AUTHOR, city.own), (role.SECRETARIAT, city.government)],
    }
    jurors = ["juror", "juror_unassigned", "juror_conflicted", "juror_unsigned"]
    city.mark_text(
        f"@{city.prefix}.example", *(each for each in PEOPLE if "_foreign" not in each)
    )
    for name in [*held, *jurors, "juror_second", "nobody", "system_admin"]:
        is_juror = name.startswith("juror")
        city.people[name] = accounts.UserFactory(
            email=f"{name}@{city.prefix}.example",
            # Who judges is known to the secretariat, and to the chair of the panel.
            name=city.mark(
                f"nama{name.replace('_', '')}", name, IMPARTIAL, "juror_unassigned"
            )
            if is_juror
            else f"Orang {name}",
            is_system_admin=name == "system_admin",
        )
        for kind, body in held.get(name, []):
            _grant(city.people[name], kind, body, is_over=name == "former")


def _build_traces(city: City) -> None:
    """What the author has left behind: another browser, and a text not sent."""
    author = city.people["author"]
    session = UserSession.objects.create(
        user=author,
        ip="10.9.9.9",
        session_key=f"{city.prefix}-lain",
        user_agent=city.mark("peramban", "author"),
    )
    city.things |= {
        "session_name": SimpleNamespace(text=session_name(session)),
        "kept_form": KeptForm.objects.create(
            user=author,
            path="/akun/profil/",
            page="/akun/profil/",
            fields=[["name", city.mark("ketikan", "author")]],
            created_at=timezone.now(),
        ),
    }


def _grant(
    user: User, role: str, body: Government | Institution, *, is_over: bool = False
) -> None:
    place = "government" if isinstance(body, Government) else "institution"
    accounts.MembershipFactory(
        user=user,
        role=role,
        to_date=timezone.localdate() - DAY if is_over else None,
        **{place: body},
    )


def _build_messages(city: City, size: int) -> None:
    """Tell everybody something; the secretariat sees what its portal has sent."""
    for name, user in city.people.items():
        subject = city.mark(f"pesan{name.replace('_', '')}", name, IMPARTIAL)
        for _number in range(size):
            _tell(city, user, subject)
    author = city.people["author"]
    city.things["message"] = author.message_set.first()
    kind = kinds.kind("proposal.sent")
    url = unsubscribing.url_of(author.pk, kind)
    city.things["tokens"] = SimpleNamespace(
        unsubscribe=url.rstrip("/").rpartition("/")[2],
        address=troubles.token_of(AddressTroubleFactory(failures=1)),
    )


def _tell(city: City, user: User, subject: str) -> None:
    notifications.DeliveryFactory(
        message=notifications.MessageFactory(
            recipient=user, subject=subject, scope=city.government.code
        )
    )


def _build_go_between(city: City, foreign: City) -> None:
    """Somebody who works in both cities is told of the one; the other must not know."""
    user = accounts.AuthorFactory(institution=city.other, email="antar@kedua.example")
    _grant(user, Membership.Role.AUTHOR, foreign.other)
    for place in (city, foreign):
        _tell(place, user, place.mark("pesanantar", IMPARTIAL))
