"""The people who take part in the journey: `python -m tests.browser.seed`."""

import os
from datetime import date
from pathlib import Path

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


if __name__ == "__main__":
    main()
