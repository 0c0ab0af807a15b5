"""The juror's own seat, and conflicts as both sides see them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from judging.models import Conflict, ConflictSuggestion
from tests.factories.accounts import InstitutionFactory
from tests.factories.competitions import small_round
from tests.factories.judging import ConflictFactory, JurorFactory
from tests.factories.submissions import ProposalFactory
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


def url(name, *path):
    return reverse(f"judging:{name}", args=path)


@pytest.fixture
def round():
    return small_round(phase="scoring")


@pytest.fixture
def invited(client, round):
    juror = JurorFactory(round=round, signed_at=None)
    client.force_login(juror.user)
    return juror


def test_juror_refuses_from_the_invitation(client, round, invited):
    page = client.get(url("panel_accept", round.slug))
    decline = url("panel_decline", round.slug)
    assert decline in page.content.decode()

    empty = client.post(decline, {"reason": "   "})
    client.post(decline, {"reason": "Sakit."})
    client.post(decline, {"reason": "Sakit lagi."})

    invited.refresh_from_db()
    assert empty.status_code == 200
    assert invited.decline_reason == "Sakit."
    shown = client.get(url("panel_accept", round.slug)).content.decode()
    assert "Sakit." in shown
    assert 'name="agree"' not in shown
    assert client.get(url("assignment_list")).status_code == 404
    assert "/penilaian/" not in client.get(reverse("dashboard")).content.decode()


def test_who_refused_cannot_sign_by_an_old_page(client, round, invited):
    client.post(url("panel_decline", round.slug), {"reason": "Sakit."})

    answer = client.post(url("panel_accept", round.slug), {"agree": "1"})

    invited.refresh_from_db()
    assert (answer.status_code, invited.signed_at) == (302, None)


def test_invitation_of_a_stranger_is_not_there(client, round, invited):
    other = small_round(phase="scoring", year=2020, edition=70)

    for name in ("panel_accept", "panel_decline", "panel_conflicts"):
        assert client.get(url(name, other.slug)).status_code == 404


# Conflicts, by the juror -------------------------------------------------------------


def declare(client, round, **fields):
    given = {"kind": "employer", "reason": "Pernah bekerja di sana."}
    return client.post(url("panel_conflicts", round.slug), given | fields)


def test_institutions_are_named_before_signing_titles_after(client, round, invited):
    proposal = ProposalFactory(round=round, state="screened_passed")
    page = url("panel_conflicts", round.slug)

    before = client.get(page).content.decode()
    answer = declare(client, round, proposal=[proposal.code])
    client.post(url("panel_accept", round.slug), {"agree": "1"})
    after = client.get(page).content.decode()

    assert proposal.institution.name in before
    assert proposal.title not in before
    assert "proposal" in answer.context["form"].errors
    assert proposal.title in after
    assert not Conflict.objects.exists()


def test_several_are_declared_in_one_press(client, round, invited):
    government = round.competition.government
    houses = InstitutionFactory.create_batch(2, government=government)
    codes = [house.code for house in houses]

    declare(client, round, instansi=codes)
    again = declare(client, round, instansi=codes)

    assert Conflict.objects.filter(juror=invited, kind="employer").count() == 2
    assert "instansi" in again.context["form"].errors
    assert Conflict.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"instansi": ["TIDAK-ADA"]},
        {"instansi": ["\x00"]},
        {"proposal": ["KIPP-000000"]},
        {"kind": "bukan"},
        {"reason": ""},
        {"reason": "x" * 1001},
    ],
)
def test_nothing_is_declared_by_a_bad_form(client, round, invited, fields):
    house = InstitutionFactory(government=round.competition.government)
    given = {} if "instansi" in fields or not fields else {"instansi": [house.code]}

    answer = declare(client, round, **given | fields)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Conflict.objects.exists()


def test_institution_of_another_government_is_not_offered(client, round, invited):
    foreign = InstitutionFactory()

    answer = declare(client, round, instansi=[foreign.code])

    assert foreign.name not in answer.content.decode()
    assert "instansi" in answer.context["form"].errors


def test_search_narrows_what_can_be_ticked(client, round, invited):
    government = round.competition.government
    found = InstitutionFactory(government=government, name="Dinas Anggrek")
    other = InstitutionFactory(government=government, name="Dinas Melati")

    odd = client.get(url("panel_conflicts", round.slug), {"cari": "\x00%_' \\"})
    page = client.get(url("panel_conflicts", round.slug), {"cari": " anggrek\x00 "})

    assert odd.status_code == 200

    assert found.name in page.content.decode()
    assert other.name not in page.content.decode()


def test_blind_round_does_not_tell_whose_a_proposal_is(client, round):
    round.scoringstage_set.update(is_blind=True)
    house = InstitutionFactory(
        government=round.competition.government, short_name="Singkatan Rahasia"
    )
    proposal = ProposalFactory(round=round, institution=house, state="screened_passed")
    client.force_login(JurorFactory(round=round).user)
    page = url("panel_conflicts", round.slug)

    shown = client.get(page).content.decode()
    by_institution = client.get(page, {"cari": house.short_name}).content.decode()

    assert proposal.title in shown
    assert house.short_name not in shown
    assert proposal.title not in by_institution


def test_proposal_in_conflict_is_not_named_again(client, round):
    proposal = ProposalFactory(round=round, state="screened_passed")
    juror = JurorFactory(round=round)
    ConflictFactory(juror=juror, proposal=proposal, reason="Ipar.")
    client.force_login(juror.user)

    for name in ("panel_conflicts", "panel_accept"):
        shown = client.get(url(name, round.slug)).content.decode()
        assert "Ipar." in shown
        assert proposal.title not in shown


@pytest.mark.parametrize("row_count", [1, 3])
def test_conflicts_page_query_count(
    client, round, django_assert_num_queries, row_count
):
    juror = JurorFactory(round=round)
    for proposal in ProposalFactory.create_batch(
        row_count, round=round, state="screened_passed"
    ):
        house = InstitutionFactory(government=round.competition.government)
        ConflictFactory(juror=juror, institution=house)
        assert proposal.pk
    client.force_login(juror.user)
    client.get(url("panel_conflicts", round.slug))

    with django_assert_num_queries(11):
        # user, memberships, juror, blind; judged, barred, institutions, proposals;
        # conflicts; unread, role of juror
        client.get(url("panel_conflicts", round.slug))


# Conflicts, by the secretariat -------------------------------------------------------


def test_secretariat_notes_a_conflict(client, round):
    login_secretariat(client, round)
    juror = JurorFactory(round=round)
    proposal = ProposalFactory(round=round, state="screened_passed")
    page = url("juror_conflict", round.slug, juror.key)

    shown = client.get(page).content.decode()
    client.post(
        page, {"proposal": [proposal.code], "kind": "kinship", "reason": "Ipar."}
    )

    assert proposal.title in shown
    conflict = Conflict.objects.get()
    assert (conflict.juror, conflict.kind) == (juror, "kinship")
    assert conflict.declared_by != juror.user


@pytest.fixture
def suspicion(client, round):
    login_secretariat(client, round)
    house = InstitutionFactory(
        government=round.competition.government, name="Dinas Anggrek"
    )
    JurorFactory(round=round, affiliation="Dinas Anggrek")
    page = client.get(url("conflict_list", round.slug))
    (found,) = page.context["suggestions"]
    assert house.name in page.content.decode()
    return found


def decide(client, round, suspicion, **fields):
    return client.post(
        url("conflict_list", round.slug), {"key": suspicion.key} | fields, follow=True
    )


def test_suggestion_is_confirmed_from_the_page(client, round, suspicion):
    answer = decide(client, round, suspicion, decision="confirm")
    again = decide(client, round, suspicion, decision="confirm")

    assert Conflict.objects.get().institution == suspicion.institution
    assert answer.context["suggestions"] == []
    assert "decided already" in again.content.decode()


def test_suggestion_is_dismissed_with_a_note_alone(client, round, suspicion):
    without = decide(client, round, suspicion, decision="dismiss")
    answer = decide(client, round, suspicion, decision="dismiss", note="Nama sama.")

    assert len(without.context["suggestions"]) == 1
    assert answer.context["suggestions"] == []
    assert ConflictSuggestion.objects.get().note == "Nama sama."
    assert "Nama sama." in answer.content.decode()


@pytest.mark.parametrize("fields", [{}, {"decision": "x"}, {"key": "x" * 300}])
def test_nonsense_decides_nothing(client, round, suspicion, fields):
    answer = decide(client, round, suspicion, **fields)

    assert answer.status_code == 200
    assert not ConflictSuggestion.objects.exists()


@pytest.mark.parametrize("row_count", [1, 3])
def test_conflict_list_query_count(client, round, django_assert_num_queries, row_count):
    login_secretariat(client, round)
    for name in ("Anggrek", "Kenanga", "Melati")[:row_count]:
        house = InstitutionFactory(
            government=round.competition.government, name=f"Dinas {name}"
        )
        juror = JurorFactory(round=round, affiliation=house.name)
        ConflictFactory(
            juror=juror, proposal=ProposalFactory(round=round, state="submitted")
        )
    page = url("conflict_list", round.slug)
    client.get(page)

    with django_assert_num_queries(16):
        # user, memberships, round; the eight of the suggestions; result, conflicts,
        # dismissed; unread, role of juror
        response = client.get(page)

    assert len(response.context["suggestions"]) == row_count


# The juror in the secretariat's hands ------------------------------------------------


def test_juror_is_edited_named_chair_and_invited_again(client, round):
    login_secretariat(client, round)
    juror = JurorFactory(round=round)
    silent = JurorFactory(
        round=round, signed_at=None, invited_at=timezone.now() - timedelta(days=3)
    )
    edit = url("juror_edit", round.slug, juror.key)

    wrong = client.post(edit, {"background": "dukun", "capacity": "0"})
    client.post(edit, {"background": "ngo", "affiliation": "LSM", "capacity": "7"})
    client.post(url("juror_chair", round.slug, juror.key))
    client.post(url("juror_chair", round.slug, silent.key))
    client.post(url("juror_invite", round.slug, silent.key))

    assert {"background", "capacity"} <= wrong.context["form"].errors.keys()
    juror.refresh_from_db()
    silent.refresh_from_db()
    assert (juror.background, juror.capacity, juror.is_chair) == ("ngo", 7, True)
    assert not silent.is_chair
    assert silent.invited_at.date() == timezone.now().date()
    client.get(url("juror_list", round.slug))
