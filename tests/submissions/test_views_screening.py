"""The secretariat's queue and check."""

import pytest
from django.utils import timezone

from competitions import permissions
from submissions import services
from submissions.models import Proposal, ProposalState, Screening, ScreeningResult
from tests.factories.accounts import MembershipFactory, SecretariatFactory
from tests.factories.screening import decide, publish
from tests.factories.submissions import ProposalFactory
from tests.submissions.browsing import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def as_author(client, city):
    client.force_login(city.author)
    return client


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


def verdicts(round, **others):
    data = {"note": ""}
    for code in round.requirement_set.values_list("code", flat=True):
        data |= {
            f"{code}-verdict": "met",
            f"{code}-reason": "ISIAN_TIDAK_LENGKAP",
            f"{code}-note": "",
        }
    return data | others


@pytest.fixture
def submitted(city):
    return ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )


@pytest.fixture
def as_secretary(client, city):
    client.force_login(city.secretary)
    return client


def test_queue_is_filtered(as_secretary, city, submitted):
    passed = ProposalFactory(
        round=city.round, title="Loket Cepat", state=ProposalState.SCREENED_PASSED
    )
    ProposalFactory(round=city.round)
    path = url("screening_list", city.round.slug)

    def titles(**query):
        return [each.title for each in as_secretary.get(path, query).context["page"]]

    assert titles() == [submitted.title, "Loket Cepat"]
    assert titles(status="lolos") == ["Loket Cepat"]
    assert titles(instansi=passed.institution.pk) == ["Loket Cepat"]
    assert titles(cari="cepat LOKET") == ["Loket Cepat"]
    assert titles(cari="tidak ada") == []


def test_queue_answers_htmx_with_its_rows_only(as_secretary, city, submitted):
    page = as_secretary.get(
        url("screening_list", city.round.slug), headers={"HX-Request": "true"}
    )

    assert "<html" not in page.content.decode()
    assert submitted.title in page.content.decode()


def test_queue_of_another_government_is_unknown(client, city, submitted):
    client.force_login(SecretariatFactory())

    assert client.get(url("screening_list", city.round.slug)).status_code == 404
    assert client.get(url("screening_edit", submitted.code)).status_code == 404


def test_who_competes_checks_nothing_and_is_told_why(client, city, submitted):
    MembershipFactory(user=city.secretary, institution=city.institution)
    client.force_login(city.secretary)

    for answer in (
        client.get(url("screening_list", city.round.slug)),
        client.get(url("screening_edit", submitted.code)),
        client.post(url("screening_edit", submitted.code), verdicts(city.round)),
    ):
        assert answer.status_code == 403
        assert permissions.why_shut_out(city.round) in answer.content.decode()
    assert Proposal.objects.get().state == ProposalState.SUBMITTED


def test_what_the_machine_found_comes_first_and_is_filled_in(
    as_secretary, city, submitted
):
    page = as_secretary.get(url("screening_edit", submitted.code))

    rows = page.context["rows"]
    assert [row.finding.requirement.code for row in rows] == [
        "umur",
        "isian",
        "surat",
        "kuota",
    ]
    assert [row.verdict.value() for row in rows] == ["not_met"] * 3 + ["met"]
    assert rows[0].reason.value() == "UMUR_KURANG"
    assert rows[0].note.value()


def test_refusal_without_note_is_shown_beside_its_field(as_secretary, city, submitted):
    page = as_secretary.post(
        url("screening_edit", submitted.code),
        verdicts(city.round, **{"umur-verdict": "not_met"}),
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["umur-note"]
    assert not Screening.objects.exists()


def test_decision_leads_to_the_next_that_waits(as_secretary, city, submitted):
    following = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)

    answer = as_secretary.post(
        url("screening_edit", submitted.code), verdicts(city.round)
    )

    assert Screening.objects.get().passed
    assert answer.url == url("screening_edit", following.code)
    last = as_secretary.post(
        url("screening_edit", following.code), verdicts(city.round)
    )
    assert last.url == url("screening_list", city.round.slug)


def test_institution_reads_why_it_failed_once_it_is_published(
    as_secretary, client, city, submitted
):
    as_secretary.post(
        url("screening_edit", submitted.code),
        verdicts(
            city.round, **{"umur-verdict": "not_met", "umur-note": "Baru enam bulan."}
        ),
    )
    client.force_login(city.author)
    page = client.get(submitted.get_absolute_url())
    assert "Baru enam bulan." not in page.content.decode()

    publish(city.round, actor=city.secretary)

    page = client.get(submitted.get_absolute_url())
    assert "Baru enam bulan." in page.content.decode()


def test_draft_is_kept_as_it_stands_and_shown_again(as_secretary, city, submitted):
    path = url("screening_edit", submitted.code)
    typed = {"act": "draft", "version": "0", "umur-verdict": "not_met"}

    kept = as_secretary.post(path, typed | {"isian-note": "Dibaca separuh."})
    page = as_secretary.get(path)
    stale = as_secretary.post(path, typed | {"isian-note": "Lain."})

    assert kept.status_code == 302
    values = {row.finding.requirement.code: row for row in page.context["rows"]}
    assert values["umur"].verdict.value() == "not_met"
    assert values["isian"].note.value() == "Dibaca separuh."
    assert city.secretary.name in page.content.decode()
    assert stale.status_code == 422
    assert "Lain." in stale.content.decode()
    assert Screening.objects.get().draft["isian"]["note"] == "Dibaca separuh."


def test_counts_tabs_and_neighbours_follow_the_filter(as_secretary, city, submitted):
    second = ProposalFactory(
        round=city.round, title="Kedua", state=ProposalState.SUBMITTED
    )
    third = ProposalFactory(
        round=city.round, title="Ketiga", state=ProposalState.SUBMITTED
    )
    decide(third, city.secretary)
    services.refresh_findings(round=city.round, at=timezone.now())

    page = as_secretary.get(url("screening_list", city.round.slug))
    assert page.context["counts"].checked == 1
    assert page.context["counts"].stands == {
        "menunggu": 2,
        "draf": 0,
        "diputuskan": 1,
        "kedua": 0,
        "koreksi": 0,
        "lolos": 0,
        "gugur": 0,
    }
    assert page.context["counts"].findings["kurang"] == 3
    status = {"status": "menunggu"}
    first = as_secretary.get(url("screening_edit", submitted.code), status)
    assert first.context["beside"].after == second.code
    last = as_secretary.get(url("screening_edit", second.code), status)
    assert (last.context["beside"].before, last.context["beside"].after) == (
        submitted.code,
        "",
    )
    decided = as_secretary.post(
        url("screening_edit", submitted.code) + "?status=menunggu",
        verdicts(city.round),
    )
    assert decided.url == url("screening_edit", second.code) + "?status=menunggu"


@pytest.mark.parametrize("query", ["status=x", "temuan=x", "instansi=x", "urut=x"])
def test_queue_bears_nonsense_in_the_address(as_secretary, city, submitted, query):
    path = url("screening_list", city.round.slug)

    assert as_secretary.get(f"{path}?{query}").status_code == 200


def test_result_is_published_from_its_page(as_secretary, city, submitted):
    path = url("screening_publish", city.round.slug)
    late = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)
    decide(submitted, city.secretary)

    page = as_secretary.get(path)
    form = page.context["form"]
    data = {
        "title": form["title"].value(),
        "number": "060/2",
        "issued_date": "20 Mar 2022",
        "body": form["body"].value(),
        "expected": form["expected"].value(),
        "kept_reason": "",
    }
    assert submitted.title in data["body"]
    assert late.title not in data["body"]
    refused = as_secretary.post(path, data)
    assert list(refused.context["form"].errors) == ["kept_reason"]
    stale = as_secretary.post(path, data | {"kept_reason": "Nanti.", "expected": "x"})
    assert stale.status_code == 422
    done = as_secretary.post(path, data | {"kept_reason": "Menunggu surat."})

    assert done.url == url("screening_list", city.round.slug)
    submitted.refresh_from_db()
    late.refresh_from_db()
    assert (submitted.has_passed, late.is_submitted) == (True, True)
    result = ScreeningResult.objects.get()
    assert result.kept_back == [late.code]
    assert submitted.title in result.announcement.body
    assert as_secretary.get(path).status_code == 200
    decide(late, city.secretary)
    single = as_secretary.post(url("screening_publish_one", late.code))
    assert single.status_code == 302
    late.refresh_from_db()
    assert late.has_passed


def test_many_are_decided_after_a_look(as_secretary, city):
    ready = city.proposal(title="Lengkap", state=ProposalState.SUBMITTED)
    lacking = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)
    services.refresh_findings(round=city.round, at=timezone.now())
    path = url("screening_bulk", city.round.slug)
    data = {"all": "1", "filter": "?status=menunggu", "decision": "lolos"}

    plan = as_secretary.post(path, data | {"look": "1"}).context["plan"]
    assert [each.code for each in plan.included] == [ready.code]
    assert [each.proposal.code for each in plan.left_out] == [lacking.code]
    again = as_secretary.post(path, data | {"confirmed": "wrong"})
    assert not Screening.objects.exists()
    assert again.context["plan"].digest == plan.digest
    as_secretary.post(path, data | {"confirmed": plan.digest})

    assert Screening.objects.get().proposal == ready
    empty = as_secretary.post(path, {"decision": "lolos"})
    assert empty.url == url("screening_list", city.round.slug)
    wrong = as_secretary.post(
        path, {"code": lacking.code, "decision": "gugur", "look": "1"}
    )
    assert sorted(wrong.context["form"].errors) == ["note", "reason", "requirement"]
    refusal = {
        "code": lacking.code,
        "decision": "gugur",
        "requirement": "umur",
        "reason": "UMUR_KURANG",
        "note": "Baru enam bulan.",
    }
    plan = as_secretary.post(path, refusal | {"look": "1"}).context["plan"]
    as_secretary.post(path, refusal | {"confirmed": plan.digest})
    assert Screening.objects.get(proposal=lacking).passed is False
