"""The rounds of a city of `world`: one in every phase, with all that belongs to it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Institution, User
from awards import services as awards_services
from awards.models import Award, CommitteeMember
from competitions.models import Round
from competitions.services import change_rules
from documents.models import IssuedDocument
from judging import services as judging_services
from judging.models import ScoreSheet
from submissions.models import (
    ObjectionFile,
    Proposal,
    ProposalState,
    ScreeningItem,
)
from tests.factories import competitions, documents, judging, sending, submissions
from tests.project.city import DAY, EVERYBODY, IMPARTIAL, OTHER, OWN, RUNNERS, City
from tests.project.world_feedback import build_feedback
from tests.project.world_plenary import build_plenary
from tests.project.world_stages import build_stages

State = ProposalState
# A file need not be a PDF to be handed out.
FILE = b"%PDF-1.4 berkas"


def build_rounds(city: City, size: int) -> None:
    """Build them all, and keep in `city.things` what rows name."""
    series = competitions.CompetitionFactory(government=city.government)

    def round(phase: str, **fields: Any) -> Round:
        return competitions.small_round(phase=phase, competition=series, **fields)

    # The latest comes last: lists show it first, and some show only the latest.
    city.things |= {
        "more_rounds": [round("submission") for _n in range(2 * size - 2)],
        "staged": round("plenary"),
        "finished": round("after"),
        "decreed": round("plenary"),
        "sealed": round("plenary"),
        "scored": round("plenary"),
        "scoring": round("scoring"),
        "running": round("submission"),
        "preparing": round(
            "before", name=city.mark("belumbuka", *RUNNERS), opened_at=None
        ),
    }
    _build_running(city, size)
    _build_scoring(city, size)
    for name in ("scored", "sealed", "decreed", "finished"):
        _build_scored(city, name, size)
    _build_awards(city)
    build_feedback(city)
    _build_announcements(city, size)
    build_stages(city, size)
    build_plenary(city)


# Proposals ---------------------------------------------------------------------------


def _proposal(
    city: City,
    name: str,
    round: Round,
    institution: Institution,
    state: str,
    seen_by: tuple[str, ...],
    read_by: tuple[str, ...] | None = None,
) -> Proposal:
    """Make a proposal whose title `seen_by` may see and whose text `read_by` may."""
    title = city.mark(f"judul{name}", *seen_by)
    text = city.mark(f"isi{name}", *(seen_by if read_by is None else read_by))
    return _fill(round, institution, state, f"Inovasi {title}", text)


def _fill(
    round: Round, institution: Institution, state: str, title: str, text: str
) -> Proposal:
    form = round.formtemplate_set.get()
    header = {
        each.code: submissions.HEADER_VALUES[each.kind]
        for each in form.headerfield_set.all()
    }
    proposal = submissions.ProposalFactory(
        round=round,
        institution=institution,
        state=state,
        title=title,
        header=header | {"video": f"https://video.contoh.example/{text}"},
    )
    for section in form.section_set.order_by("order"):
        # The summary is what the catalogue takes over.
        content = title if section.code == "ringkasan" else f"Perubahan {text}."
        submissions.AnswerFactory(proposal=proposal, section=section, text=content)
    submissions.EvidenceFactory(
        proposal=proposal, section=section, name=f"{text}.pdf", content=FILE
    )
    submissions.StatementLetterFactory(
        proposal=proposal, kind=form.letterkind_set.get(), content=FILE
    )
    return proposal


def _more(city: City, size: int, round: Round, state: str) -> list[Proposal]:
    """Make proposals that only add to the number, the own institution's first."""
    bodies = [city.own, *city.more][: 2 * size - 2]
    return [
        _fill(round, bodies[n % len(bodies)], state, f"Tambahan {n}", "tambahan")
        for n in range(2 * size - 2)
    ]


def _build_running(city: City, size: int) -> None:
    round = city.running
    mine, theirs = (*OWN, IMPARTIAL), (*OTHER, IMPARTIAL)
    city.things |= {
        "draft": _proposal(city, "draf", round, city.own, State.DRAFT, mine),
        "endorsing": _proposal(city, "dukung", round, city.own, State.ENDORSING, mine),
        "submitted": _proposal(city, "kirim", round, city.own, State.SUBMITTED, mine),
        "other_draft": _proposal(
            city, "saingandraf", round, city.other, State.DRAFT, theirs
        ),
        "other_submitted": _proposal(
            city, "saingankirim", round, city.other, State.SUBMITTED, theirs
        ),
    }
    _build_checks(city, round)
    _prepare_rules(city, round)
    for name in ("draft", "submitted"):
        proposal = city.things[name]
        city.things[f"{name}_file"] = proposal.evidence_set.get()
        city.things[f"{name}_letter"] = proposal.statementletter_set.get()
    _every_kind_of_part(city, round)
    city.things["receipt"] = _receipt(city.submitted)
    _more(city, size, round, State.DRAFT)
    for proposal in _more(city, size, round, State.SUBMITTED):
        _receipt(proposal)


def _prepare_rules(city: City, round: Round) -> None:
    """New rules are being prepared: nobody but who decides knows of them."""
    statement = city.mark("pernyataandisiapkan", IMPARTIAL)
    change_rules(
        round=round,
        change=lambda rules: replace(
            rules, form=replace(rules.form, statement=statement)
        ),
        actor=city.people["secretariat"],
        at=timezone.now(),
    )


def _build_checks(city: City, round: Round) -> None:
    """One check is decided and one begun: their institutions know nothing of it."""
    decided = _proposal(
        city, "putus", round, city.own, State.SUBMITTED, (*OWN, IMPARTIAL)
    )
    screening = submissions.ScreeningFactory(
        proposal=decided,
        state="decided",
        passed=False,
        note=city.mark("catatanputus", IMPARTIAL),
        decided_by=city.people["secretariat"],
    )
    submissions.ScreeningItemFactory(
        screening=screening,
        requirement=round.requirement_set.first(),
        verdict=ScreeningItem.Verdict.NOT_MET,
        reason_code="UMUR_KURANG",
        note=city.mark("alasanputus", IMPARTIAL),
    )
    submissions.ScreeningFactory(
        proposal=city.things["submitted"],
        state="draft",
        draft={"": {"note": city.mark("drafperiksa", IMPARTIAL)}},
        draft_version=1,
        draft_by=city.people["secretariat"],
        draft_at=timezone.now(),
    )
    city.things["decided"] = decided


def _every_kind_of_part(city: City, round: Round) -> None:
    """A link, a statement to tick, a letter with a text, an invitation."""
    draft = city.draft
    section = draft.form.section_set.get(code="kebaruan")
    section.evidence_types = ["pdf", "link"]
    section.save(update_fields=["evidence_types"])
    draft.form.letterkind_set.update(body="Nama: {nama}\n\nInovasi {judul}.")
    competitions.ConsentFactory(form=draft.form, code="benar", is_required=False)
    city.things["draft_link"] = submissions.EvidenceLinkFactory(
        proposal=draft, section=section
    )
    city.things["draft_upload"] = submissions.PartialUploadFactory(
        proposal=draft,
        owner=city.people["author"],
        name=city.mark("unggahan"),  # no page tells it until it has arrived
    )
    city.things["sent_part"] = SimpleNamespace(name="data-umum.json")
    city.things["draft_note"] = sending.SectionNoteFactory(
        proposal=draft,
        text=city.mark("catatanperbaikan", *OWN, IMPARTIAL),
        written_by=city.people["admin"],
    )
    sending.LateTextFactory(
        proposal=draft,
        text=city.mark("teksterlambat", *OWN, IMPARTIAL),
        saved_by=city.people["author"],
    )
    city.things["track_invitation"] = submissions.TrackInvitationFactory(
        track=round.track_set.get(code="replikasi"),
        institution=city.other,
        note=city.mark("undangankelompok", IMPARTIAL),
    )


def _receipt(proposal: Proposal) -> IssuedDocument:
    return _render(
        documents.IssuedDocumentFactory(
            government=proposal.round.competition.government,
            kind=IssuedDocument.Kind.RECEIPT,
            subject_key=f"proposal:{proposal.pk}:1",
            number=proposal.receipt_number,
            title=proposal.title,
            is_public=False,
            values={
                "public": [["Diberikan kepada", "Dinas Kependudukan"]],
                "manifest": f"{'0' * 64}  data-umum.json\n",
            },
            year=proposal.created_at.year,
        )
    )


def _render(document: IssuedDocument) -> IssuedDocument:
    """Give a paper its file without the typesetter."""
    document.file.save(f"{document.code}.pdf", ContentFile(b"%PDF-1.7"), save=False)
    document.sha256 = sha256(b"%PDF-1.7").hexdigest()
    document.rendered_at = timezone.now()
    document.save(update_fields=["file", "sha256", "rendered_at"])
    return document


# The jury -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """What a juror says of a proposal: one value for each criterion, and a note."""

    value: str
    note: str


def _key(*parts: str) -> str:
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def _panel(city: City, round: Round, *names: str) -> list[Any]:
    return [
        judging.JurorFactory(
            round=round,
            user=city.people[name],
            key=_key(round.slug, name),
            **({"signed_at": None} if name == "juror_unsigned" else {}),
        )
        for name in names
    ]


def _sheet(juror: Any, proposal: Proposal, voice: Voice | None = None) -> ScoreSheet:
    """Give `juror` a sheet; with a `voice` it has begun."""
    sheet = judging.ScoreSheetFactory(
        key=_key(juror.key, proposal.code),
        assignment__juror=juror,
        assignment__proposal=proposal,
        assignment__scoring_stage=proposal.round.scoringstage_set.get(),
    )
    if voice:
        for criterion in sheet.assignment.scoring_stage.criterion_set.all():
            judging.ScoreFactory(
                sheet=sheet,
                criterion=criterion,
                value=Decimal(voice.value),
                note=voice.note,
            )
        sheet.version, sheet.saved_at = 1, timezone.now()
        sheet.save(update_fields=["version", "saved_at"])
    return sheet


def _finish(sheet: ScoreSheet) -> ScoreSheet:
    sheet.state, sheet.finalised_at = ScoreSheet.State.FINAL, timezone.now()
    sheet.save(update_fields=["state", "finalised_at"])
    return sheet


def _build_scoring(city: City, size: int) -> None:
    """The jury is at work: nobody sees the scores of another."""
    round = city.scoring
    # Who has signed finds every title in the list of what they may not judge.
    jury = ("juror", "juror_unsigned", "juror_unassigned")
    entered = _proposal(
        city,
        "nilai",
        round,
        city.own,
        State.SCREENED_PASSED,
        (*OWN, IMPARTIAL, *jury),
        (*OWN, IMPARTIAL, "juror"),
    )
    other = _proposal(
        city,
        "saingannilai",
        round,
        city.other,
        State.SCREENED_PASSED,
        (*OTHER, IMPARTIAL, *jury, "juror_conflicted"),
        (*OTHER, IMPARTIAL, "juror"),
    )
    failed = _proposal(
        city, "gugur", round, city.own, State.SCREENED_FAILED, (*OWN, IMPARTIAL)
    )
    submissions.ScreeningItemFactory(
        screening__proposal=failed,
        screening__passed=False,
        requirement=round.requirement_set.first(),
        verdict=ScreeningItem.Verdict.NOT_MET,
        reason_code="UMUR_KURANG",
        note=city.mark("alasangugur", *OWN, IMPARTIAL),
    )
    city.things["objection_file"] = _objection(city, failed)
    juror, second, chair, conflicted, unsigned = _panel(
        city,
        round,
        "juror",
        "juror_second",
        "juror_unassigned",
        "juror_conflicted",
        "juror_unsigned",
    )
    chair.is_chair = True
    chair.save(update_fields=["is_chair"])
    mine = Voice(city.mark_number("81.37", "juror"), city.mark("catatanjuri", "juror"))
    hidden = Voice(city.mark_number("73.19"), city.mark("catatankedua"))
    sheets = {
        "sheet": _sheet(juror, entered, mine),
        "final_sheet": _finish(_sheet(juror, other, mine)),
        "second_sheet": _finish(_sheet(second, entered, hidden)),
        "conflicted_sheet": _sheet(conflicted, entered),
        "unsigned_sheet": _sheet(unsigned, entered),
    }
    _sheet(second, other, hidden)
    _sheet(unsigned, other)
    judging.ConflictFactory(
        juror=conflicted,
        proposal=entered,
        reason=city.mark("benturan", "juror_conflicted", IMPARTIAL),
    )
    judging.ConflictSuggestionFactory(
        juror=juror,
        institution=city.other,
        note=city.mark("catatandugaan", IMPARTIAL),
        decided_by=city.people["secretariat"],
    )
    refused = judging.JurorFactory(
        round=round,
        key=_key(round.slug, "refused"),
        signed_at=None,
        declined_at=timezone.now(),
        decline_reason=city.mark("alasanmenolak", IMPARTIAL),
    )
    city.things |= sheets | {
        "panel_refused": refused,
        "entered": entered,
        "other_entered": other,
        "failed": failed,
        "panel_juror": juror,
        "panel_conflicted": conflicted,
        "entered_file": entered.evidence_set.get(),
    }
    extra = _more_jurors(round, size)
    for proposal in _more(city, size, round, State.SCREENED_PASSED):
        for each in (juror, *extra):
            _sheet(each, proposal, Voice("70.50", "Catatan."))
    _more(city, size, round, State.SUBMITTED)


def _objection(city: City, failed: Proposal) -> ObjectionFile:
    """An objection whose answer waits for a second person; give its evidence."""
    objection = submissions.ObjectionFactory(
        proposal=failed,
        text=city.mark("sanggahan", *OWN, IMPARTIAL),
        filed_by=city.people["author"],
        state="answered",
        upheld=True,
        answer=city.mark("jawabansanggah", IMPARTIAL),
        answered_by=city.people["secretariat"],
    )
    return submissions.ObjectionFileFactory(
        objection=objection,
        name=city.mark("buktisanggah", *OWN, IMPARTIAL) + ".pdf",
        content=FILE,
    )


def _more_jurors(round: Round, size: int) -> list[Any]:
    return judging.JurorFactory.create_batch(2 * size - 2, round=round)


def _build_scored(city: City, name: str, size: int) -> None:
    """Scoring is over; `name` tells how far the result has come."""
    round = city.things[name]
    is_public = name == "finished"
    first = _proposal(
        city,
        f"unggul{name}",
        round,
        city.own,
        State.SCREENED_PASSED,
        tuple(EVERYBODY) if is_public else (*OWN, IMPARTIAL, "juror"),
        (*OWN, IMPARTIAL, "juror"),
    )
    last = _proposal(
        city,
        f"kalah{name}",
        round,
        city.other,
        State.SCREENED_PASSED,
        (*OTHER, IMPARTIAL, "juror"),
    )
    juror, second = _panel(city, round, "juror", "juror_second")
    places = {"scored": "1", "sealed": "3", "decreed": "5", "finished": "7"}
    tens = places[name]
    # Authors read the notes on their proposal, and its mean, once that is released.
    told = (*OWN, *OTHER) if is_public else ()
    mine = Voice(
        city.mark_number(f"8{tens}.31", "juror", "secretariat"),
        city.mark(f"catatanjuri{name}", "juror", "secretariat", *told),
    )
    hidden = Voice(
        city.mark_number(f"8{tens}.73", "secretariat"),
        city.mark(f"catatankedua{name}", "secretariat", *told),
    )
    mean = ("secretariat", *(OWN if is_public else ()))
    city.mark_number(f"8{tens}.52", *mean)
    for proposal, voices in (
        (first, (mine, hidden)),
        (last, (Voice("20.25", mine.note), Voice("20.75", hidden.note))),
    ):
        for each, voice in zip((juror, second), voices, strict=True):
            city.things[f"{name}_sheet"] = _finish(_sheet(each, proposal, voice))
    extra = _more_jurors(round, size)
    for proposal in _more(city, size, round, State.SCREENED_PASSED):
        for each in (juror, second, *extra):
            _finish(_sheet(each, proposal, Voice("70.00", "Catatan.")))
    round.scoringstage_set.update(pass_mark=60)
    city.things |= {f"{name}_first": first, f"{name}_last": last}
    if name != "scored":
        judging_services.seal_result(
            round=round,
            actor=city.people["secretariat"],
            at=timezone.now(),
        )


# Awards ------------------------------------------------------------------------------


def _build_awards(city: City) -> None:
    """One decree whose day has come, and one whose has not."""
    for name, publish_at in (
        ("decreed", timezone.now() + 3 * DAY),
        ("finished", timezone.now() - DAY),
    ):
        round, number = city.things[name], f"SK {name}"
        pattern = "{seq:03}/publik/{year}"
        if name == "decreed":
            number = city.mark("nomorsk", "secretariat")
            pattern = "{seq:03}/" + city.mark("nomorpiagam", "secretariat")
        _award(city.people["secretariat"], round, number, pattern, publish_at)
        award = Award.objects.of_round(round).get(
            row__proposal=city.things[f"{name}_first"]
        )
        papers = IssuedDocument.objects.filter(
            batch__subject_key__contains=f":{round.pk}:"
        )
        for paper in papers:
            _render(paper)
        paper = papers.get(subject_key=award.subject_key)
        city.things |= {
            f"{name}_award": award,
            f"{name}_paper": paper,
            f"{name}_batch": paper.batch,
        }
    city.things["committee_member"] = CommitteeMember.objects.create(
        round=city.things["decreed"],
        name=city.mark("namapanitia", "secretariat"),
        role="Ketua Panitia",
        added_at=timezone.now(),
        added_by=city.people["secretariat"],
    )
    city.things["entry"] = city.finished_first.innovation.entry_set.get()
    city.things["entry_coming"] = city.decreed_first.innovation.entry_set.get()


def _award(
    actor: User, round: Round, number: str, pattern: str, publish_at: Any
) -> None:
    at = timezone.now() - 2 * DAY
    awards_services.give_awards(round=round, actor=actor, at=at)
    awards_services.record_decree(
        round=round,
        number=number,
        decree_date=timezone.localdate(),
        publish_at=publish_at,
        actor=actor,
        at=at,
    )
    awards_services.issue_certificates(
        round=round, actor=actor, at=at, number_pattern=pattern
    )


def _build_announcements(city: City, size: int) -> None:
    city.things["announcement"] = competitions.AnnouncementFactory.create_batch(
        size, round=city.running, publish_at=timezone.now() - DAY
    )[0]
    city.things["announcement_coming"] = competitions.AnnouncementFactory(
        round=city.running,
        title=city.mark("pengumumannanti", *RUNNERS),
        publish_at=timezone.now() + DAY,
    )
