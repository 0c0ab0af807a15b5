"""What the database itself refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from awards.models import Award
from tests.factories.accounts import UserFactory
from tests.factories.awards import AwardFactory, DecreeFactory
from tests.factories.competitions import RoundFactory

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    ["key = 'lain'", "given_at = now()", "revoked_at = now()", "revoke_reason = 'x'"],
)
def test_award_stands_as_given(change):
    award = AwardFactory()

    assert refused(f"UPDATE awards_award SET {change} WHERE id = %s", award.pk)
    assert refused("DELETE FROM awards_award WHERE id = %s", award.pk)


def test_revoked_award_stays_revoked():
    award = AwardFactory(
        revoked_at=timezone.now(), revoked_by=UserFactory(), revoke_reason="Keliru."
    )

    assert refused(
        "UPDATE awards_award SET revoked_at = NULL, revoked_by_id = NULL, "
        "revoke_reason = '' WHERE id = %s",
        award.pk,
    )


def test_award_is_given_once_per_row_and_level():
    award = AwardFactory()

    with pytest.raises(IntegrityError, match="once_per_row"), transaction.atomic():
        AwardFactory(row=award.row, level=award.level)


def test_round_has_one_decree_with_a_number_for_good():
    round = RoundFactory()
    decree = DecreeFactory(round=round)

    with pytest.raises(IntegrityError), transaction.atomic():
        DecreeFactory(round=round)
    with pytest.raises(IntegrityError, match="has_number"), transaction.atomic():
        DecreeFactory(number="")
    assert refused("DELETE FROM awards_decree WHERE id = %s", decree.pk)


@pytest.mark.parametrize(
    ("subject_key", "pk"),
    [("award:12", 12), ("award:", None), ("award:x", None), ("proposal:12", None)],
)
def test_award_is_found_by_what_its_certificate_is_filed_under(subject_key, pk):
    assert Award.id_of(subject_key) == pk
