"""Drafts to type into: `python -m tests.browser.drafts 6`.

Prints the address of their author, then their codes.
"""

import os
import secrets
import sys

import django

SECTION = "kebaruan"


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    django.setup()
    from django.utils.crypto import get_random_string

    from tests.factories.accounts import (
        AuthorFactory,
        GovernmentFactory,
        InstitutionFactory,
    )
    from tests.factories.competitions import CompetitionFactory, small_round
    from tests.factories.innovations import InnovationFactory
    from tests.factories.submissions import ProposalFactory

    InnovationFactory.reset_sequence(secrets.randbelow(10**9))
    mark = get_random_string(6, "bcdfghjkmnpqrstvwxyz")
    government = GovernmentFactory(
        code=f"99.{mark}", slug=f"kota-{mark}", short_name="Kota Ketik"
    )
    body = InstitutionFactory(government=government, code="KETIK")
    author = AuthorFactory(email=f"{mark}@ketik.example", institution=body)
    competition = CompetitionFactory(government=government, slug=mark)
    round = small_round(competition=competition, slug=f"{mark}-2022")
    drafts = [
        ProposalFactory(
            round=round,
            institution=body,
            created_by=author,
            code=f"KIPP-{mark.upper()}{number}",
        )
        for number in range(count)
    ]
    sys.stdout.write(" ".join([author.email, *(draft.code for draft in drafts)]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
