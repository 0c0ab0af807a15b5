"""Score sheets of jurors and the recap as papers: what they say, and to whom."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from documents import rendering
from documents.models import IssuedDocument
from judging import minutes, recaps, services, sheet_papers
from judging.models import ScoreSheet
from tests.factories.judging import (
    ConflictFactory,
    ScoreSheetFactory,
    scoring_round,
    seal,
    staged_round,
    write_sheet,
)
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    panel_of,
    secretary_of,
    vote,
)
from tests.judging.pages import content_of, login_secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged():
    return judged_round(80, (70, 71, 72, 73, 74))


@pytest.fixture
def decided():
    """Sealed, with scores that a plenary agreed on and a tie that it voted on."""
    round = judged_round(80, 80, (50, 60, 70, 80, 90))
    one, two, three = round.proposal_set.order_by("pk")
    plenary = open_plenary(round, present=4)
    agree(plenary, three, 95, None, agreeing=panel_of(round)[:3])
    vote(plenary, two, one)
    apply(plenary)
    seal(round)
    return round


def stage_of(round):
    stage = round.scoringstage_set.order_by("order").first()
    stage.round = round
    return stage


def issue(round, juror, actor=None):
    return services.issue_score_sheet(
        juror=juror,
        scoring_stage=stage_of(round),
        actor=actor or juror.user,
        at=timezone.now(),
    )


def issue_recap(round):
    actor = secretary_of(round)
    services.issue_minutes(
        round=round,
        typed=minutes.Typed(legal_basis="SK 1"),
        actor=actor,
        at=timezone.now(),
    )
    return services.issue_recap(round=round, actor=actor, at=timezone.now())


def rendered(document):
    assert rendering.render(document_id=document.pk, at=timezone.now())
    document.refresh_from_db()
    return document


# The score sheet of a juror ----------------------------------------------------------


def test_paper_says_what_one_juror_finished_and_nothing_of_others(judged):
    one, *others = panel_of(judged)
    first, second = judged.proposal_set.order_by("code")

    values = issue(judged, one).values

    assert values["juror_name"] == one.user.name
    assert [each["sign"] for each in values["criteria"]] == ["K1", "K2"]
    assert [(row["code"], row["scores"], row["total"]) for row in values["rows"]] == [
        (first.code, ["80", "80"], "80.00"),
        (second.code, ["70", "70"], "70.00"),
    ]
    assert values["notes"][0] == {
        "code": first.code,
        "lines": [
            {"sign": "K1", "text": "Catatan."},
            {"sign": "K2", "text": "Catatan."},
        ],
    }
    for each in others:
        assert each.user.name not in str(values)
    for score in ("71", "72", "73", "74"):
        assert score not in str(values["rows"])


def test_paper_leaves_out_drafts_conflicts_and_names_abstentions(judged):
    juror = panel_of(judged)[0]
    first, second = judged.proposal_set.order_by("code")
    sheet = ScoreSheet.objects.get(assignment__juror=juror, assignment__proposal=second)
    services.reopen_sheet(
        sheet=sheet, reason="Keliru.", actor=secretary_of(judged), at=timezone.now()
    )
    sheet.refresh_from_db()
    sheet.state, sheet.abstain_reason = "abstained", "Pernah membimbing."
    sheet.finalised_at = timezone.now()
    sheet.save()

    values = issue(judged, juror).values

    assert [row["code"] for row in values["rows"]] == [first.code]
    assert values["abstained"] == [
        {"code": second.code, "title": second.title, "reason": "Pernah membimbing."}
    ]
    ConflictFactory(juror=juror, proposal=second)
    assert issue(judged, juror).values["abstained"] == []


def test_blind_stage_names_no_institution(judged):
    judged.scoringstage_set.update(is_blind=True)
    proposal = judged.proposal_set.order_by("code").first()

    values = issue(judged, panel_of(judged)[0]).values

    assert values["rows"][0]["institution"] == ""
    assert proposal.institution.name not in str(values)


def test_gate_gives_verdicts():
    round = staged_round(jurors=1, proposals=1, phase="plenary")
    gate = round.scoringstage_set.get(kind="field_gate")
    gate.round = round
    (juror,) = panel_of(round)
    assignment = ScoreSheet.objects.get(assignment__juror=juror).assignment
    assignment.pk, assignment.scoring_stage = None, gate
    assignment.save()
    sheet = ScoreSheet.objects.create(
        assignment=assignment, key="pintu", verdict="remarks", note="Kurang satu."
    )
    sheet.state, sheet.finalised_at = "final", timezone.now()
    sheet.save()

    paper = services.issue_score_sheet(
        juror=juror, scoring_stage=gate, actor=juror.user, at=timezone.now()
    )

    assert paper.values["rows"][0]["verdict"] == "As described, with remarks"
    assert paper.values["notes"][0]["lines"] == [{"sign": "", "text": "Kurang satu."}]
    assert rendered(paper).is_rendered


def test_nothing_is_issued_while_jurors_score():
    round = scoring_round(jurors=2, proposals=1)
    juror = panel_of(round)[0]
    sheet = ScoreSheet.objects.filter(assignment__juror=juror).first()
    write_sheet(sheet, 80, 80)

    with pytest.raises(services.PaperNotIssued, match="may still score"):
        issue(round, juror)
    with pytest.raises(services.PaperNotIssued, match="may still score"):
        services.issue_score_sheets(
            scoring_stage=stage_of(round), actor=juror.user, at=timezone.now()
        )

    assert not IssuedDocument.objects.exists()


def test_who_finished_nothing_gets_no_paper():
    round = judged_round((80, None), jurors=2)

    papers = services.issue_score_sheets(
        scoring_stage=stage_of(round), actor=secretary_of(round), at=timezone.now()
    )

    assert [each.subject_key for each in papers] == [
        sheet_papers.subject_key(stage_of(round), panel_of(round)[0])
    ]
    with pytest.raises(services.PaperNotIssued, match="No sheet"):
        issue(round, panel_of(round)[1])


def test_same_sheets_are_the_same_paper_and_others_another(judged):
    juror = panel_of(judged)[0]
    first = issue(judged, juror)
    assert issue(judged, juror, secretary_of(judged)).pk == first.pk

    proposal = judged.proposal_set.order_by("code").first()
    ConflictFactory(juror=juror, proposal=proposal)
    second = issue(judged, juror)

    first.refresh_from_db()
    assert (first.state, first.replaced_by) == ("replaced", second)
    assert (second.version, second.number != first.number) == (2, True)


def test_reopened_sheet_ends_the_paper(judged):
    juror, other = panel_of(judged)[:2]
    paper, kept = issue(judged, juror), issue(judged, other)
    sheet = ScoreSheet.objects.filter(assignment__juror=juror).first()

    services.reopen_sheet(
        sheet=sheet,
        reason="Salah kolom.",
        actor=secretary_of(judged),
        at=timezone.now(),
    )

    paper.refresh_from_db()
    kept.refresh_from_db()
    assert (paper.state, paper.end_reason) == ("revoked", "Salah kolom.")
    assert kept.is_valid


def test_failure_half_way_leaves_no_paper(judged, monkeypatch):
    panel = panel_of(judged)
    values = sheet_papers.values_of

    def fail_for_the_last(parts, juror, sheets):
        if juror == panel[-1]:
            raise RuntimeError
        return values(parts, juror, sheets)

    monkeypatch.setattr(sheet_papers, "values_of", fail_for_the_last)

    with pytest.raises(RuntimeError), transaction.atomic():
        services.issue_score_sheets(
            scoring_stage=stage_of(judged),
            actor=secretary_of(judged),
            at=timezone.now(),
        )

    assert not IssuedDocument.objects.exists()


def test_papers_speak_one_language(judged, settings):
    juror = panel_of(judged)[0]
    settings.LANGUAGE_CODE = "id"

    with translation.override("en"):
        values = issue(judged, juror).values

    assert values["public"][2][0] == "Tahap"


def test_only_the_juror_and_the_secretariat_get_it(client, judged):
    juror, other = panel_of(judged)[:2]
    paper = rendered(issue(judged, juror))
    code = stage_of(judged).code
    own = reverse("judging:own_paper_file", args=[judged.slug, code])
    file = reverse("judging:score_sheet_file", args=[judged.slug, code, juror.key])
    anywhere = reverse("documents:document_detail", args=[paper.code])

    client.force_login(juror.user)
    assert content_of(client.get(own)).startswith(b"%PDF")
    assert client.get(file).status_code == 404
    assert client.get(anywhere).status_code == 404
    client.force_login(other.user)
    assert client.get(own).status_code == 404  # theirs was not issued
    assert client.get(file).status_code == 404
    login_secretariat(client, judged)
    assert content_of(client.get(file)).startswith(b"%PDF")
    assert client.get(own).status_code == 404
    # The list of all papers does not know who judges in which round.
    assert client.get(anywhere).status_code == 404
    verify = reverse("documents:verify_code", args=[paper.code])
    assert paper.number not in client.get(verify).content.decode()


def test_juror_in_the_secretariat_is_given_no_others_sheet(client, judged):
    juror, other = panel_of(judged)[:2]
    rendered(issue(judged, other))
    client.force_login(juror.user)
    member = secretary_of(judged).membership_set.get()
    member.pk, member.user, member.key = None, juror.user, uuid4()
    member.save()
    file = reverse(
        "judging:score_sheet_file",
        args=[judged.slug, stage_of(judged).code, other.key],
    )

    assert client.get(file).status_code == 403
    assert other.user.name not in client.get("/dokumen/").content.decode()


def test_juror_orders_and_finds_the_paper_in_the_queue(client, judged):
    juror = panel_of(judged)[0]
    client.force_login(juror.user)
    queue = reverse("judging:assignment_list") + f"?putaran={judged.slug}"
    issue_url = reverse(
        "judging:own_paper_issue", args=[judged.slug, stage_of(judged).code]
    )
    assert issue_url in client.get(queue).content.decode()

    client.post(issue_url)
    client.post(issue_url)  # pressed twice

    paper = rendered(IssuedDocument.objects.get())
    page = client.get(queue).content.decode()
    assert paper.number in page
    assert issue_url not in page


# The recap ---------------------------------------------------------------------------


def test_recap_has_raw_and_agreed_by_juror_and_criterion(decided):
    one, two, three = decided.proposal_set.order_by("pk")

    values = issue_recap(decided).values

    assert [(row["title"], row["rank"]) for row in values["finals"]["rows"]] == [
        (two.title, 1),
        (one.title, 2),
        (three.title, 3),
    ]
    assert [row["tie"] for row in values["finals"]["rows"]] == [
        "tie: vote of the plenary",
        "tie: vote of the plenary",
        "tie: Signifikansi",
    ]
    (stage,) = values["stages"]
    assert stage["jurors"] == [1, 2, 3, 4, 5]
    last = stage["rows"][2]
    assert last["given"] == ["50.00", "60.00", "70.00", "80.00", "90.00"]
    # 0.4 * 95 + 0.6 * 70 in place of 70
    assert (last["raw"], last["agreed"], last["total"]) == ("70.00", "80.00", "80.00")
    assert last["means"] == [
        {"raw": "70.00", "agreed": "95.00"},
        {"raw": "70.00", "agreed": ""},
    ]
    assert stage["rows"][0]["agreed"] == ""
    assert [each["name"] for each in values["jurors"]] == [
        each.user.name for each in panel_of(decided)
    ]
    assert values["chair_name"] == panel_of(decided)[0].user.name


def test_recap_says_what_was_sealed_whatever_came_after(decided):
    before = issue_recap(decided).values
    proposal = decided.proposal_set.order_by("pk").first()
    ConflictFactory(juror=panel_of(decided)[0], proposal=proposal)
    result = decided.result_set.get()

    after = recaps.values_of(decided, result, minutes.minutes_of(result))

    assert after == before


def test_many_jurors_stand_in_a_line():
    round = judged_round(80, jurors=recaps.MOST_COLUMNS + 1)
    seal(round)

    (stage,) = issue_recap(round).values["stages"]

    assert stage["jurors"] == []
    assert stage["rows"][0]["in_a_line"].startswith("1: 80.00; 2: 80.00; ")


def test_recap_of_several_stages_has_each():
    round = staged_round(jurors=2, proposals=2, phase="plenary")
    for sheet in ScoreSheet.objects.order_by("pk"):
        write_sheet(sheet, 80, 80)
        talk = ScoreSheetFactory(
            assignment__juror=sheet.assignment.juror,
            assignment__proposal=sheet.assignment.proposal,
            assignment__scoring_stage=round.scoringstage_set.get(code="presentasi"),
        )
        write_sheet(talk, 4)
    seal(round)

    values = issue_recap(round).values

    assert [each["name"] for each in values["stages"]] == [
        each.name for each in round.scoringstage_set.order_by("order")
    ]
    assert [len(each["rows"]) for each in values["stages"]] == [2, 2, 0]


def test_recap_waits_for_seal_and_minutes(judged):
    actor = secretary_of(judged)
    with pytest.raises(services.PaperNotIssued, match="minutes first"):
        services.issue_recap(round=judged, actor=actor, at=timezone.now())
    seal(judged)
    with pytest.raises(services.PaperNotIssued, match="minutes first"):
        services.issue_recap(round=judged, actor=actor, at=timezone.now())

    assert issue_recap(judged).pk == issue_recap(judged).pk


def test_secretariat_issues_and_downloads(client, decided):
    login_secretariat(client, decided)
    page = reverse("judging:minutes_issue", args=[decided.slug])
    code = stage_of(decided).code
    paper = issue_recap(decided)
    assert "being made" in client.get(page).content.decode()
    rendered(paper)

    client.post(reverse("judging:recap_issue", args=[decided.slug]))
    client.post(reverse("judging:score_sheets_issue", args=[decided.slug, code]))

    assert IssuedDocument.objects.filter(kind="recap").count() == 1
    assert IssuedDocument.objects.filter(kind="score_sheet").count() == 5
    text = client.get(page).content.decode()
    assert paper.number in text
    file = reverse("judging:recap_file", args=[decided.slug])
    assert content_of(client.get(file)).startswith(b"%PDF")


@pytest.mark.parametrize("row_count", [1, 3])
def test_page_of_papers_asks_no_more_for_more_jurors(client, row_count):
    counts = []
    for jurors in (row_count, row_count + 2):
        round = judged_round(80, jurors=jurors)
        login_secretariat(client, round)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("judging:minutes_issue", args=[round.slug]))
        counts.append(len(queries))

    assert counts[0] == counts[1]
