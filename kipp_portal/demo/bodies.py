"""Governments, institutions, accounts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts import institution_table, services
from accounts.models import Government, Institution, User
from kipp_portal.demo import files

BEGINNING = "2021-01-04 08.00"


def load_bodies(at: datetime) -> None:
    """Make the governments with their institutions and everybody's accounts."""
    people = files.accounts()
    made = [
        services.create_user(**administrator, is_system_admin=True, actor=None, at=at)
        for administrator in people["administrators"]
    ]
    for data in files.governments():
        government = _make_government(data, at)
        _import_institutions(government, at)
        for person in people["governments"][government.slug]:
            made.append(_make_person(government, person, at))
    # One hash for all: a hundred of them would take a minute.
    User.objects.filter(pk__in=[user.pk for user in made]).update(
        password=make_password(settings.DEMO_PASSWORD)
    )


def _make_government(data: dict[str, Any], at: datetime) -> Government:
    signatories = data.pop("signatories")
    parent = data.pop("parent", None)
    return services.create_government(
        fields=data
        | {"parent": Government.objects.get(slug=parent) if parent else None},
        signatories=signatories,
        actor=None,
        at=at,
    )


def _import_institutions(government: Government, at: datetime) -> None:
    path = files.DIRECTORY / "institutions" / f"{government.slug}.csv"
    report = services.import_institutions(
        government=government,
        table=institution_table.read_table(path.name, path.read_bytes()),
        actor=None,
        at=at,
        dry_run=False,
    )
    if not report.is_applied:
        raise ValueError(f"{path.name}: {report.faults}")


def _make_person(government: Government, person: dict[str, Any], at: datetime) -> User:
    user = services.create_user(
        email=person["email"], name=person["name"], actor=None, at=at
    )
    if "role" in person:
        code = person.get("institution")
        services.grant_membership(
            user=user,
            role=person["role"],
            body=Institution.objects.get(government=government, code=code)
            if code
            else government,
            actor=None,
            at=at,
            from_date=at.date(),
        )
    return user
