"""Certificates of the winner design as they are ordered, without a round in rows."""

import random
import re
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Government, Signatory
from awards import certificates
from awards.models import CertificateDesign, Decree
from competitions.models import Competition, Round
from documents.services import Order

TEMPLATE = certificates.TEMPLATE
DAY = date(2022, 6, 10)
MOMENT = datetime(2022, 6, 10, 3, tzinfo=UTC)
# Names of institutions and innovations, short and long, as they come in one round.
_BODIES = ("Dinas Kesehatan", "RSUD Kardinah", "Kelurahan Mangkukusuman")
_LONG = "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu Kota Contoh"
_WORDS = ("Antrean", "Daring", "Posyandu", "Keliling", "Lapor", "Cepat", "Sehat")


def certificate_values(
    government: Government, holder: str, innovation: str, award: str = "Juara I"
) -> dict[str, Any]:
    """What one certificate says, in the built-in design of winners."""
    round = Round(
        year=2022,
        competition=Competition(
            name=f"Kompetisi Inovasi Pelayanan Publik {government.short_name}",
            government=government,
        ),
    )
    return certificates.values_for(
        certificates.Holder(
            subject_key="",
            name=holder,
            detail="",
            values={"innovation": innovation, "award": award},
            public=[
                ("Diberikan kepada", holder),
                ("Inovasi", innovation),
                ("Penghargaan", award),
            ],
        ),
        round=round,
        design=CertificateDesign(government=government, kind=certificates.KIND),
        signers=[
            certificates.Signer(
                Signatory(
                    government=government, position="Wali Kota", name="Nama Wali Kota"
                )
            )
        ],
        decree=Decree(round=round, number="800.1.3/056.K/2022", decree_date=DAY),
        day=DAY,
    )


def orders(government: Government, count: int, about: str) -> list[Order]:
    """So many certificates, no two alike; `about` keeps their subjects apart."""
    chance = random.Random(count)
    made = []
    for turn in range(count):
        body = _LONG if turn % 7 == 3 else chance.choice(_BODIES)
        holder = f"{body} {turn}"
        title = " ".join(chance.sample(_WORDS, 4))
        made.append(
            Order(
                subject_key=f"{about}:{turn}",
                title=f"Juara I {title}",
                values=certificate_values(government, holder, title),
            )
        )
    return made


def one_by_one(page: str, below: str) -> str:
    """The HTML of a paper with its backdrop in it, as it would be drawn alone."""
    backdrop = re.search(r"<section.*</section>", below, re.DOTALL)
    assert backdrop
    under = f'<div style="position: absolute; top: 0; left: 0">{backdrop[0]}</div>'
    start = '<section class="certificate">'
    assert start in page
    return page.replace(start, f"{under}{start}", 1)
