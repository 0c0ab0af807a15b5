"""In which of their bodies somebody with several acts at the moment.

What is chosen narrows the home page, the navigation and the lists. Rights stay what
they are: a link to somewhere else opens as ever, and who is shut out stays out.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import Government, Institution, Membership, User
from accounts.models.roles import Role, names_of

SESSION_KEY = "acting_in"


@dataclass(frozen=True)
class Body:
    """A body the person belongs to, with what they are there."""

    key: str
    name: str
    roles: str
    is_chosen: bool


@dataclass(frozen=True)
class Menu:
    """The bodies of somebody with several, and the one chosen; None is all."""

    bodies: Sequence[Body]
    chosen: Body | None


def menu(request: HttpRequest, user: User) -> Menu | None:
    """What `user` can choose from; None for whoever has one body or none."""
    held: dict[tuple[str, int], list[Membership]] = {}
    for membership in user.current_memberships:
        held.setdefault(_place(membership.body), []).append(membership)
    if len(held) < 2:
        return None
    chosen = _chosen(request, user)
    bodies = {
        place: Body(
            key=str(roles[0].key),
            name=str(roles[0].body),
            roles=names_of(each.role for each in roles),
            is_chosen=place == chosen,
        )
        for place, roles in held.items()
    }
    return Menu(list(bodies.values()), bodies.get(chosen) if chosen else None)


def acting(request: HttpRequest, user: User, *roles: Role) -> User:
    """The person with the roles in the chosen body alone; with all if none is chosen.

    Also with all where the page is about `roles` and none of them is held there: who
    follows a link to such a page means the others. To pick out what is shown, never to
    decide who may: with a role less somebody may do more where one shuts out another.
    """
    chosen = _chosen(request, user)
    if chosen is None:
        return user
    narrowed = copy.copy(user)
    narrowed.current_memberships = [
        each for each in user.current_memberships if _place(each.body) == chosen
    ]
    if roles and not any(each.role in roles for each in narrowed.current_memberships):
        return user
    return narrowed


def choose(request: HttpRequest, user: User, key: str) -> bool:
    """Act in the body of the role `key` for this session, in all if it is empty.

    Tell whether the person has such a role.
    """
    if not key:
        request.session.pop(SESSION_KEY, None)
        return True
    for membership in user.current_memberships:
        if str(membership.key) == key:
            request.session[SESSION_KEY] = list(_place(membership.body))
            return True
    return False


def _chosen(request: HttpRequest, user: User) -> tuple[str, int] | None:
    """What was chosen, if the person still has something to choose from."""
    places = {_place(each.body) for each in user.current_memberships}
    if len(places) < 2:
        return None
    chosen = tuple(request.session.get(SESSION_KEY, ()))
    return chosen if chosen in places else None


def _place(body: Government | Institution) -> tuple[str, int]:
    return body._meta.model_name or "", body.pk
