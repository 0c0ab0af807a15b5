"""A round made from any preset can be filled in and submitted, through the pages."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Institution, User
from competitions import definitions
from competitions.building import planned_stages
from competitions.models import EvidenceType, HeaderField, Round, Section
from competitions.placeholders import placeholders_in
from competitions.services import create_competition, create_round
from judging.queries import reading_of
from submissions import fingerprints, letters
from submissions.dossier import load_dossier
from submissions.models import Proposal, ProposalState
from submissions.receipts import values_of
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.submissions import tiny_pdf

pytestmark = pytest.mark.django_db
Kind = HeaderField.Kind
PRESETS = [preset.key for preset in definitions.presets()]


def url(name, *args):
    return reverse(f"submissions:{name}", args=args)


def round_of(key: str) -> tuple[Round, User]:
    """A round of a preset whose submission is open now, and its secretary."""
    government = GovernmentFactory()
    secretary = SecretariatFactory(government=government)
    definition = definitions.preset(key)
    days = next(
        stage.days for stage in definition.calendar if stage.kind == "submission"
    )
    now = timezone.now()
    first_day = timezone.localdate() - timedelta(days=days[0] + 1)
    competition = create_competition(
        government=government, name=key, short_name=key[:30], actor=secretary, at=now
    )
    round = create_round(
        competition=competition,
        year=now.year,
        edition=1,
        name=definition.name,
        theme="Tema",
        organiser="Bagian Organisasi",
        definition=definition,
        stages=planned_stages(definition, first_day, ZoneInfo(government.time_zone)),
        actor=secretary,
        at=now,
    )
    Round.objects.filter(pk=round.pk).update(opened_at=now)
    round.refresh_from_db()
    return round, secretary


def header_data(proposal: Proposal, form) -> dict:
    """What an author types, field by field."""
    data = {"title": proposal.title, "version": str(proposal.header_version)}
    if "category" in form.fields:
        data["category"] = form.fields["category"].choices[1][0]
    if "cluster" in form.fields:
        data["cluster"] = form.fields["cluster"].choices[-1][0]
    if "track" in form.fields:
        data["track"] = str(proposal.track_id)
    for field in form.header_fields:
        data |= typed(field)
    return data


def typed(field: HeaderField) -> dict:
    name = f"field-{field.code}"
    least = int(field.minimum or 1)
    codes = [each["code"] for each in field.options]
    match field.kind:
        case Kind.DATE:
            return {name: "2 Maret 2015"}
        case Kind.YES_NO:
            return {name: "yes", f"{name}-detail": "Rincian"}
        case Kind.SDGS:
            return {name: [str(goal) for goal in range(1, max(least, 1) + 1)]}
        case Kind.LINK:
            return {name: "video.contoh.example/inovasi"}
        case Kind.NUMBER:
            return {name: str(max(least, 12))}
        case Kind.CHOICE:
            return {name: codes[0]}
        case Kind.CHOICES:
            return {name: codes[:least]}
        case Kind.PERSONS:
            return persons(name, codes, least)
    return {name: "Contoh isian"}


def persons(name: str, columns: list[str], count: int) -> dict:
    data = {}
    for place in range(count):
        data[f"{name}-{place}-nama"] = f"Siti Contoh {place}"
        for code in columns:
            value = "19800101 200501 2 001" if code == "nip" else "Contoh"
            data[f"{name}-{place}-{code}"] = value
    return data


def fill_in(client, proposal: Proposal) -> None:
    """Go through every page of the task list as an author does."""
    page = client.get(url("header_edit", proposal.code))
    answer = client.post(
        url("header_edit", proposal.code),
        header_data(proposal, page.context["form"]),
    )
    assert answer.status_code == 302, answer.context["form"].errors
    dossier = load_dossier(Proposal.objects.for_page().get(pk=proposal.pk))
    for part in dossier.sections:
        write_section(client, proposal, part.section)
    for part in dossier.letters:
        upload = SimpleUploadedFile("surat.pdf", tiny_pdf(part.kind.code))
        answer = client.post(
            url("letter_list", proposal.code),
            {"kind": part.kind.code, f"{part.kind.code}-file": upload},
        )
        assert answer.status_code == 302
        if part.kind.body:
            values = letters.values_of(dossier, part.kind, timezone.now())
            assert not set(placeholders_in(part.kind.body)) - set(values)
    if dossier.consents:
        here = url("consent_edit", proposal.code)
        assert client.get(here).status_code == 200
        ticks = {part.consent.code: "on" for part in dossier.consents}
        assert client.post(here, ticks).status_code == 302


def write_section(client, proposal: Proposal, section: Section) -> None:
    here = url("section_edit", proposal.code, section.code)
    assert client.get(here).status_code == 200
    words = min(section.word_limit or 5, 5)
    answer = client.post(here, {"version": "0", "text": " ".join(["kata"] * words)})
    assert answer.status_code == 302
    if not section.evidence_max_files:
        return
    if EvidenceType.LINK in section.evidence_types:
        answer = client.post(
            url("link_create", proposal.code, section.code),
            {"url": "contoh.example/bukti", "label": "Bukti"},
        )
        assert answer.status_code == 302
    if EvidenceType.PDF in section.evidence_types and section.evidence_max_files > 1:
        upload = SimpleUploadedFile("bukti.pdf", tiny_pdf(section.code))
        answer = client.post(
            url("evidence_create", proposal.code, section.code), {"file": upload}
        )
        assert answer.status_code == 302


@pytest.mark.parametrize("key", PRESETS)
def test_preset_can_be_filled_in_and_submitted(client, key):
    round, secretary = round_of(key)
    kind = (round.institution_kinds or [Institution.Kind.AGENCY])[0]
    tracks = round.track_set.filter(is_by_invitation=False).order_by("order")

    for track in tracks:
        # Each from another institution: some rounds take one proposal of each.
        institution = InstitutionFactory(
            government=round.competition.government, kind=kind
        )
        head = InstitutionAdminFactory(institution=institution)
        client.force_login(AuthorFactory(institution=institution))
        assert client.get(url("proposal_create", round.slug)).status_code == 200
        answer = client.post(
            url("proposal_create", round.slug),
            {
                "title": f"Inovasi {track.code}",
                "institution": institution.pk,
                "track": track.pk,
            },
        )
        assert answer.status_code == 302
        proposal = Proposal.objects.get(round=round, track=track)
        fill_in(client, proposal)
        page = client.get(url("proposal_check", proposal.code))
        assert [
            (each["finding"].requirement.code, each["finding"].in_full)
            for each in page.context["open_findings"]
        ] == []
        client.post(url("proposal_send", proposal.code), {"statement": "on"})
        if round.endorsement_required:
            client.force_login(head)
            client.post(url("proposal_endorse", proposal.code))

        proposal = Proposal.objects.for_page().get(pk=proposal.pk)
        assert proposal.state == ProposalState.SUBMITTED
        assert_is_read_everywhere(client, proposal, secretary)


def assert_is_read_everywhere(client, proposal, secretary):
    """All that was filled in stands in fingerprint, receipt, check and reading."""
    dossier = load_dossier(proposal)
    content = fingerprints.content_of(dossier)
    assert fingerprints.fingerprint(content) == proposal.digest
    linked = [part for part in dossier.sections if part.links]
    by_name = {each.name: each for each in content}
    assert [name for name in by_name if name.startswith("tautan/")] == [
        f"tautan/{part.section.code}.json" for part in linked
    ]
    if dossier.consents:
        ticked = json.loads(by_name["pernyataan.json"].content)
        assert len(ticked) == len(dossier.consents)
    assert len(values_of(dossier, content)["consents"]) == len(dossier.consents)
    client.force_login(secretary)
    page = client.get(url("screening_edit", proposal.code)).content.decode()
    assert page.count("https://contoh.example/bukti") == len(linked)
    assert "198001012005012001" not in page
    if any(part.field.kind == Kind.PERSONS for part in dossier.header):
        assert "Siti Contoh 0" in page
    reading = reading_of(proposal)
    assert [part.field.code for part in reading.header] == [
        part.field.code for part in dossier.header
    ]
    assert [len(part.links) for part in reading.sections] == [
        len(part.links) for part in dossier.sections
    ]
