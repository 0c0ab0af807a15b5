"""What was issued is drawn from what was stored then, whatever is called otherwise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Government, Institution, Signatory, User
from awards import services as awards
from competitions.models import Competition, Round, Stage
from documents import composing, rendering
from documents.models import IssuedDocument
from innovations.models import Innovation
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round
from tests.project import test_papers

pytestmark = pytest.mark.django_db
OTHER = "Nama Yang Diubah Kemudian"


def announcement(_client):
    round = awarded_round(publish_in=timedelta(days=1))
    awards.issue_announcement(
        round=round,
        number="",
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )


def certificate(_client):
    round = awarded_round(publish_in=timedelta(days=1))
    actor = SecretariatFactory(government=round.competition.government)
    awards.issue_certificates(round=round, actor=actor, at=timezone.now())


ISSUED = {
    "announcement": announcement,
    "attendance": test_papers.attendance_list,
    "certificate": certificate,
    "feedback": test_papers.feedback_letter,
    "minutes": test_papers.minutes,
    "receipt": test_papers.receipt,
    "recap": test_papers.recap,
    "score_sheet": test_papers.score_sheets,
}


def written(paper):
    """What the typesetter is given."""
    with rendering.as_printed(paper.government):
        return composing.matter_of(paper.template, rendering.paper_context(paper))


def rename_everything():
    Government.objects.update(name=OTHER, short_name=OTHER)
    Institution.objects.update(name=OTHER)
    User.objects.update(name=OTHER)
    Signatory.objects.update(name=OTHER, position=OTHER)
    Competition.objects.update(name=OTHER)
    Round.objects.update(name=OTHER)
    Stage.objects.update(name=OTHER)
    Innovation.objects.update(title=OTHER)  # a title that was submitted stays anyway


@pytest.mark.parametrize("kind", ISSUED)
def test_later_names_change_no_issued_paper(client, kind):
    ISSUED[kind](client)
    paper = IssuedDocument.objects.filter(kind=kind).latest("pk")
    before = written(paper)

    rename_everything()

    after = written(IssuedDocument.objects.get(pk=paper.pk))
    assert len(before.html) > 500
    assert after == before
    assert OTHER not in after.html
