"""What the frame of every signed-in page shows: navigation, body, person, messages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import acting, permissions
from accounts.backends import needs_second_factor
from accounts.models import Membership, User
from accounts.sessions import seconds_left
from core.requests import PortalRequest
from notifications.models import Message

Role = Membership.Role


@dataclass(frozen=True)
class NavItem:
    """One link of the main navigation."""

    label: str
    url: str
    icon: str
    current: bool = False


def workspace(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of signed-in pages its parts.

    Every part is a function that the template calls: a page without that frame, or
    for somebody who has not signed in, costs no query. None depends on proposals.
    """

    def of_person(read: Callable[[User], Any]) -> Callable[[], Any]:
        def answer() -> Any:
            user = getattr(request, "user", None)
            return read(user) if user is not None and user.is_authenticated else ""

        return cache(answer)

    def as_acting(user: User) -> User:
        return acting.acting(request, user)

    return {
        "workspace_nav": of_person(
            lambda user: _nav(request, as_acting(user), user.sits_in_panels)
        ),
        "workspace_body": of_person(lambda user: _body(as_acting(user))),
        "workspace_bodies": of_person(lambda user: acting.menu(request, user)),
        "unread_count": of_person(_unread_count),
        "account_label": of_person(str),
        "account_sub": of_person(
            lambda user: _role_names(as_acting(user), user.sits_in_panels)
        ),
        "session_seconds": of_person(
            lambda user: str(seconds_left(cast(PortalRequest, request))[0])
        ),
        "second_factor_required": of_person(
            lambda user: settings.SECOND_FACTOR_REQUIRED and needs_second_factor(user)
        ),
        "single_sign_on_name": settings.SINGLE_SIGN_ON_ISSUER
        and settings.SINGLE_SIGN_ON_NAME,
        "is_demo": settings.DEMO,
    }


def _unread_count(user: User) -> int:
    return Message.objects.visible_to(user).unread().count()


def _body(user: User) -> str:
    """The first body the person works for; a system admin works for the portal."""
    return next((str(each.body) for each in user.current_memberships), "")


def _role_names(user: User, is_juror: bool) -> str:
    names = [str(each.get_role_display()) for each in user.current_memberships]
    if user.is_system_admin:
        names.append(_("System admin"))
    if is_juror:
        names.append(_("Juror"))
    return ", ".join(dict.fromkeys(names))


def _nav(request: HttpRequest, user: User, is_juror: bool) -> list[NavItem]:
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    slug = kwargs.get("round") or kwargs.get("round_slug")
    is_secretariat = permissions.has_role(user, Role.SECRETARIAT)
    if is_secretariat and slug and request.path.startswith("/sekretariat/"):
        entries = _round_entries(slug)
    else:
        entries = _entries(user, is_secretariat, is_juror)
    items = [
        NavItem(label, url, icon)
        for label, name, args, icon in entries
        if (url := _url(name, args))
    ]
    return _mark_current(items, _place(request, slug) or request.path)


Entry = tuple[str, str, list[str], str]


def _round_entries(slug: str) -> list[Entry]:
    """What a secretariat needs inside one round."""
    return [
        (_("Overview"), "monitoring:round_dashboard", [slug], "speedometer2"),
        (_("Rescue"), "monitoring:rescue_board", [slug], "flag-fill"),
        (_("Proposals"), "submissions:screening_list", [slug], "file-earmark-text"),
        (_("Jury"), "judging:juror_list", [slug], "people"),
        (_("Ranking"), "judging:ranking", [slug], "list-ol"),
        (_("Awards"), "awards:award_list", [slug], "award"),
        (_("Events"), "competitions:event_admin_list", [slug], "calendar-event"),
        (_("Settings"), "competitions:round_setup", [slug], "sliders"),
    ]


# Pages that belong to an entry, mostly of a round, without lying below its address.
_PLACES = {
    "documents:batch_detail": "documents:document_list",
    "documents:document_detail": "documents:document_list",
    "documents:document_replace": "documents:document_list",
    "documents:document_revoke": "documents:document_list",
    "documents:document_sign": "documents:document_list",
    "documents:number_edit": "documents:document_list",
    "documents:number_list": "documents:document_list",
    "documents:signing_list": "documents:document_list",
    "awards:incoming_list": "awards:award_list",
    "submissions:screening_publish": "submissions:screening_list",
    "submissions:objection_list": "submissions:screening_list",
    "submissions:late_list": "submissions:screening_list",
    "submissions:proposal_table": "submissions:screening_list",
    "submissions:innovation_index": "submissions:screening_list",
    "submissions:invitation_list": "submissions:screening_list",
    "judging:calibration": "judging:ranking",
    "judging:correction_begin": "judging:ranking",
    "judging:correction_seal": "judging:ranking",
    "judging:minutes_issue": "judging:ranking",
    "judging:recap_issue": "judging:ranking",
    "judging:score_sheets_issue": "judging:ranking",
    "judging:plenary_detail": "judging:ranking",
    "judging:plenary_edit": "judging:ranking",
    "judging:plenary_item": "judging:ranking",
    "judging:plenary_list": "judging:ranking",
    "judging:plenary_tie": "judging:ranking",
    "judging:result_detail": "judging:ranking",
    "judging:result_version": "judging:ranking",
    "judging:presentation_arrange": "judging:juror_list",
    "judging:presentation_day_create": "judging:juror_list",
    "judging:presentation_day_edit": "judging:juror_list",
    "judging:presentation_operate": "judging:juror_list",
    "judging:presentation_place": "judging:juror_list",
    "judging:presentation_postpone": "judging:juror_list",
    "judging:presentation_schedule": "judging:juror_list",
    "judging:visit_claims": "judging:juror_list",
    "judging:visit_list": "judging:juror_list",
    "competitions:announcement_create": "competitions:round_setup",
    "competitions:announcement_edit": "competitions:round_setup",
}


def _place(request: HttpRequest, slug: str | None) -> str:
    """The address of the entry that the page belongs to by its name, or nothing."""
    match = request.resolver_match
    name = _PLACES.get(match.view_name) if match else None
    return _url(name, [slug] if slug else []) if name else ""


def _entries(user: User, is_secretariat: bool, is_juror: bool) -> list[Entry]:
    """What the roles of a person need; somebody with several sees them all."""
    entries: list[Entry] = [(_("Home"), "dashboard", [], "house")]
    register: Entry = (_("Innovations"), "catalogue:innovation_list", [], "lightbulb")
    if permissions.has_role(user, Role.AUTHOR) or permissions.has_role(
        user, Role.INSTITUTION_ADMIN
    ):
        entries.append(
            (_("Proposals"), "submissions:proposal_list", [], "file-earmark-text")
        )
        entries.append(register)
        entries.append((_("Events"), "competitions:event_list", [], "calendar-event"))
    if administered := _administers(user):
        entries.append(
            (_("People"), "accounts:tree_people_list", administered, "people")
        )
    if is_juror:
        entries.append((_("Scoring"), "judging:assignment_list", [], "check2-square"))
    if is_juror or register in entries:
        entries.append((_("My certificates"), "awards:own_certificates", [], "award"))
    if is_secretariat:
        entries += [
            (_("Rounds"), "competitions:round_admin_list", [], "calendar3"),
            *([] if register in entries else [register]),
            (
                _("Institutions"),
                "accounts:institution_list",
                _run_by(user)[:1],
                "building",
            ),
            (_("People"), "accounts:people_list", _run_by(user)[:1], "people"),
            (_("Documents"), "documents:document_list", [], "file-earmark-pdf"),
            (_("Messages"), "notifications:delivery_list", [], "envelope"),
            (_("Log"), "accounts:record_list", _run_by(user)[:1], "clock-history"),
            (_("Settings"), "accounts:government_edit", _run_by(user)[:1], "sliders"),
        ]
    if user.is_system_admin:
        entries.append((_("Governments"), "accounts:government_list", [], "building"))
        entries.append(
            (_("Log of the portal"), "accounts:portal_record_list", [], "clock-history")
        )
    if permissions.has_role(user, Role.LEADER):
        entries.append((_("Figures"), "monitoring:leader_overview", [], "graph-up"))
    if not is_secretariat:
        entries.append((_("Catalogue"), "catalogue:entry_list", [], "grid"))
        entries.append((_("Help"), "help", [], "question-circle"))
    return entries


def _run_by(user: User) -> list[str]:
    """The slugs of the governments whose secretariat the person belongs to."""
    return [
        each.government.slug
        for each in user.current_memberships
        if each.role == Role.SECRETARIAT and each.government
    ]


def _administers(user: User) -> list[str]:
    """The first institution the person heads, as its address names it."""
    for each in user.current_memberships:
        if each.role == Role.INSTITUTION_ADMIN and each.institution:
            return [each.institution.government.slug, each.institution.code]
    return []


def _url(name: str, args: list[str]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _mark_current(items: list[NavItem], path: str) -> list[NavItem]:
    """Mark the item whose address is the longest beginning of `path`."""
    best = max(
        (item.url for item in items if path.startswith(item.url)),
        key=len,
        default=None,
    )
    return [
        NavItem(item.label, item.url, item.icon, current=item.url == best)
        for item in items
    ]
