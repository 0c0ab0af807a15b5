"""The people who take part in the journey: `python -m tests.browser.seed`."""

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django

PASSWORD = "kata-sandi-uji-2022"
FROM = date(2020, 1, 1)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from accounts import institution_table, services
    from accounts.models import Institution, Membership

    at = timezone.now()
    source = Path(settings.BASE_DIR) / "demo/institutions/kota-tegal.csv"
    tegal = services.create_government(
        fields={
            "kind": "kota",
            "code": "33.76",
            "name": "Pemerintah Kota Tegal",
            "short_name": "Kota Tegal",
            "slug": "kota-tegal",
            "secretariat_name": "Bagian Organisasi Sekretariat Daerah",
            "address": "Jalan Ki Gede Sebayu Nomor 12 Kota Tegal",
            "contact": "Telepon (0283) 355137",
            "place": "Tegal",
        },
        signatories=[
            {
                "name": "Nama Wali Kota (contoh)",
                "position": "Wali Kota Tegal",
                "is_default": True,
            }
        ],
        actor=None,
        at=at,
    )
    services.import_institutions(
        government=tegal,
        table=institution_table.read_table(source.name, source.read_bytes()),
        actor=None,
        at=at,
        dry_run=False,
    )
    dukcapil = Institution.objects.get(government=tegal, short_name="Disdukcapil")
    dinsos = Institution.objects.get(government=tegal, short_name="Dinsos")
    role = Membership.Role
    for email, name, held, body in [
        ("sekretariat@tegal.example", "Sekretariat", role.SECRETARIAT, tegal),
        ("opd@tegal.example", "Operator Disdukcapil", role.AUTHOR, dukcapil),
        (
            "kepala.opd@tegal.example",
            "Kepala Disdukcapil",
            role.INSTITUTION_ADMIN,
            dukcapil,
        ),
        ("dinsos@tegal.example", "Operator Dinsos", role.AUTHOR, dinsos),
        (
            "kepala.dinsos@tegal.example",
            "Kepala Dinsos",
            role.INSTITUTION_ADMIN,
            dinsos,
        ),
        ("pimpinan@tegal.example", "Pimpinan", role.LEADER, tegal),
    ]:
        user = services.create_user(
            email=email, name=name, password=PASSWORD, actor=None, at=at
        )
        services.grant_membership(
            user=user, role=held, body=body, actor=None, at=at, from_date=FROM
        )
    for number in range(1, 6):
        services.create_user(
            email=f"juri{number}@tegal.example",
            name=f"Juri {number}",
            password=PASSWORD,
            actor=None,
            at=at,
        )
    _seed_city_with_a_round(at)


def _seed_city_with_a_round(at: datetime) -> None:
    """Another city, whose secretary sets rounds up: it has one of this year."""
    from accounts import services
    from accounts.models import Membership
    from competitions import definitions
    from competitions import services as competitions
    from competitions.models import Round

    city = services.create_government(
        fields={
            "kind": "kota",
            "code": "33.99",
            "name": "Pemerintah Kota Uji",
            "short_name": "Kota Uji",
            "slug": "kota-uji",
            "secretariat_name": "Bagian Organisasi Sekretariat Daerah",
            "address": "Jalan Uji Nomor 1 Kota Uji",
            "contact": "Telepon (0283) 000000",
            "place": "Uji",
        },
        signatories=[
            {"name": "Nama Wali Kota", "position": "Wali Kota", "is_default": True}
        ],
        actor=None,
        at=at,
    )
    secretary = services.create_user(
        email="sekretariat@uji.example",
        name="Sekretariat Uji",
        password=PASSWORD,
        actor=None,
        at=at,
    )
    services.grant_membership(
        user=secretary,
        role=Membership.Role.SECRETARIAT,
        body=city,
        actor=None,
        at=at,
        from_date=FROM,
    )
    name = "KIPP Kota Uji"
    series = competitions.create_competition(
        government=city, name=name, short_name=name, actor=secretary, at=at
    )
    rules = definitions.preset("kipp-kota-tegal")
    zone = ZoneInfo(city.time_zone)
    year = at.astimezone(zone).year
    made = competitions.create_round(
        competition=series,
        year=year,
        edition=6,
        name=f"{name} {year}",
        theme="Pelayanan prima",
        organiser="Bagian Organisasi",
        definition=rules,
        stages=competitions.planned_stages(rules, date(year, 2, 2), zone),
        actor=secretary,
        at=at,
    )
    # Opened when it began: the service would open it only before.
    Round.objects.filter(pk=made.pk).update(opened_at=at)


if __name__ == "__main__":
    main()
