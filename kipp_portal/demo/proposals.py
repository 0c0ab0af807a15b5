"""Proposals: written, sent, endorsed, returned, screened, withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Institution, Membership, User
from competitions.models import (
    Category,
    Consent,
    HeaderField,
    LetterKind,
    Requirement,
    Round,
    Section,
    Track,
)
from core import rich_text
from core.dates import format_date
from core.rich_text import RichText
from documents.uploads import (
    EVIDENCE_TYPES,
    LETTER_TYPES,
    CheckedFile,
    check_upload,
)
from kipp_portal.demo import papers
from kipp_portal.demo.files import ProposalFile
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of
from kipp_portal.demo.timeline import Story
from submissions import services
from submissions.models import Proposal

MEGABYTE = 1024 * 1024
_STATEMENTS = {
    "implementasi": 'Menyatakan bahwa inovasi "{title}" milik {institution} sudah '
    "diterapkan sejak {started} dan masih berjalan sampai hari ini.",
    "identitas-inovator": 'Menyatakan bahwa inovasi "{title}" digagas dan dijalankan '
    "oleh tim {institution} dan tidak menyalin karya pihak lain tanpa izin.",
    "kesediaan-replikasi": 'Menyatakan bersedia bila inovasi "{title}" direplikasi '
    "oleh instansi lain, dan memberikan pendampingan yang diperlukan.",
}


@dataclass(frozen=True)
class Rules:
    """The parts of a round that proposals refer to by code, read once."""

    round: Round
    clock: Clock

    @cached_property
    def tracks(self) -> dict[str, Track]:
        return {each.code: each for each in self.round.track_set.all()}

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {each.code: each for each in self.round.category_set.all()}

    @cached_property
    def sections(self) -> dict[str, Section]:
        found = Section.objects.filter(form__round=self.round).order_by("order")
        return {each.code: each for each in found}

    @cached_property
    def header_fields(self) -> dict[str, HeaderField]:
        found = HeaderField.objects.filter(form__round=self.round)
        return {each.code: each for each in found}

    @cached_property
    def letters(self) -> list[LetterKind]:
        return list(LetterKind.objects.filter(form__round=self.round).order_by("order"))

    @cached_property
    def consents(self) -> list[str]:
        found = Consent.objects.filter(form__round=self.round).order_by("order")
        return [each.code for each in found]

    @cached_property
    def requirements(self) -> list[Requirement]:
        return list(self.round.requirement_set.order_by("order"))

    @cached_property
    def secretariat(self) -> User:
        return secretariat_of(self.round.competition.government)


def tell_proposal(
    file: ProposalFile, rules: Rules, written: dict[str, Proposal]
) -> Story:
    """Write a proposal and send it as far as its history goes; keep it in `written`."""
    institution = Institution.objects.select_related("government").get(
        government=rules.round.competition.government, code=file.institution
    )
    people = _People(
        author=person_of(institution, Membership.Role.AUTHOR),
        head=person_of(institution, Membership.Role.INSTITUTION_ADMIN),
        secretariat=rules.secretariat,
    )
    moments = {step: rules.clock.past(text) for step, text in file.history.items()}
    begun = moments.pop("created")
    yield begun
    proposal = services.create_proposal(
        round=rules.round,
        institution=institution,
        title=file.title,
        track=rules.tracks[file.track],
        actor=people.author,
        at=begun,
    )
    written[file.slug] = proposal
    last = moments.pop("saved", None) or moments["sent"]
    yield from _write(proposal, file, rules, people, begun, last)
    for step, at in moments.items():
        yield at
        _STEPS[step](proposal, file, rules, people, at)


def refuse_wrong_states(
    found: Iterable[ProposalFile], written: Mapping[str, Proposal]
) -> None:
    """Raise ValueError if a proposal did not come as far as its file says."""
    for file in found:
        proposal = written[file.slug]
        proposal.refresh_from_db()
        if proposal.state != file.state:
            raise ValueError(f"{file.slug} came to {proposal.state}, not {file.state}")


@dataclass(frozen=True)
class _People:
    author: User
    head: User
    secretariat: User


def person_of(institution: Institution, role: str) -> User:
    """Whoever has `role` in `institution`; in the demonstration that is one."""
    return User.objects.get(membership__institution=institution, membership__role=role)


def _write(
    proposal: Proposal,
    file: ProposalFile,
    rules: Rules,
    people: _People,
    begun: datetime,
    last: datetime,
) -> Story:
    """Fill in the form at an even pace, from its beginning to the last save."""
    actor = people.author
    pace = (last - begun) / (len(file.answers) + 2)
    yield (at := begun + pace)
    services.save_header(
        proposal=proposal,
        draft=services.HeaderDraft(
            title=file.title,
            track=rules.tracks[file.track],
            category=rules.categories[file.category],
            values=_header_values(file.header, rules),
        ),
        base_version=0,
        actor=actor,
        at=at,
    )
    for code, text in file.answers.items():
        yield (at := at + pace)
        section = rules.sections[code]
        written = _written(text)
        services.save_answer(
            proposal=proposal,
            section=section,
            text=written.text,
            html=written.html,
            base_version=0,
            actor=actor,
            at=at,
        )
        for evidence in file.evidence.get(code, []):
            services.add_evidence(
                proposal=proposal,
                section=section,
                upload=_evidence(evidence, proposal.institution),
                actor=actor,
                at=at,
            )
    if "sent" in file.history:
        yield (at := at + pace / 2)
        sign(proposal, file, rules, actor=actor, head=people.head, at=at)


def sign(
    proposal: Proposal,
    file: ProposalFile,
    rules: Rules,
    *,
    actor: User,
    head: User,
    at: datetime,
) -> None:
    """Add the letters that the form asks for, and tick its consents."""
    for kind in (each for each in rules.letters if each.is_for(file.track)):
        services.put_letter(
            proposal=proposal,
            kind=kind,
            upload=_letter(kind, file, proposal.institution, head, at),
            actor=actor,
            at=at,
        )
    if rules.consents:
        services.save_consents(
            proposal=proposal, codes=rules.consents, actor=actor, at=at
        )


def _written(text: str) -> RichText:
    """An answer of the file: plain, or with formats where it begins with a tag."""
    return rich_text.clean(text) if text.startswith("<") else RichText(text)


def _header_values(header: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Bring the readable values of the file into the shape of `submissions.headers`."""
    values: dict[str, Any] = {}
    for code, value in header.items():
        kind = rules.header_fields[code].kind
        if kind == HeaderField.Kind.YES_NO:
            values[code] = {"yes": bool(value), "detail": value or ""}
        elif kind == HeaderField.Kind.DATE:
            values[code] = value.isoformat()
        else:
            values[code] = value
    return values


def _evidence(data: Mapping[str, Any], institution: Institution) -> CheckedFile:
    if data["kind"] == "chart":
        content = papers.chart(title=data["title"], values=data["values"])
    elif data["kind"] == "flow":
        content = papers.flow(title=data["title"], steps=data["steps"])
    else:
        content = papers.paper(
            title=data["title"],
            institution=institution.name,
            government=institution.government.name,
            lines=data["lines"],
        )
    return check_upload(
        SimpleUploadedFile(data["file"], content),
        max_bytes=2 * MEGABYTE,
        types=EVIDENCE_TYPES,
    )


def _letter(
    kind: LetterKind,
    file: ProposalFile,
    institution: Institution,
    head: User,
    at: datetime,
) -> CheckedFile:
    government = institution.government
    content = papers.letter(
        title=kind.title,
        institution=institution.name,
        government=government.name,
        position=head.name,
        statement=_STATEMENTS[kind.code].format(
            title=file.title,
            institution=institution.name,
            started=format_date(file.header["mulai-implementasi"]),
        ),
        place_date=f"{government.place}, {format_date(at)}",
    )
    return check_upload(
        SimpleUploadedFile(f"surat-{kind.code}.pdf", content),
        max_bytes=kind.max_bytes,
        types=LETTER_TYPES,
    )


def _send(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.send_proposal(proposal=proposal, actor=people.author, at=at)


def _return(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.return_with_notes(
        proposal=proposal, note=file.return_note, actor=people.head, at=at
    )


def _endorse(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.submit_proposal(proposal=proposal, actor=people.head, at=at)


def _withdraw(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.withdraw_proposal(
        proposal=proposal, reason=file.withdraw_reason, actor=people.author, at=at
    )


def _screen(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.screen_proposal(
        proposal=proposal,
        verdicts={
            requirement: services.Verdict(
                is_met=requirement.code not in file.not_met,
                reason_code=requirement.reason_code,
                note=file.not_met.get(requirement.code, ""),
            )
            for requirement in rules.requirements
        },
        note=file.screening_note,
        actor=people.secretariat,
        at=at,
    )


def _reopen(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.reopen_proposal(
        proposal=proposal, reason=file.reopen_reason, actor=people.secretariat, at=at
    )


def _disqualify(
    proposal: Proposal, file: ProposalFile, rules: Rules, people: _People, at: datetime
) -> None:
    services.disqualify_proposal(
        proposal=proposal,
        reason=file.disqualify_reason,
        actor=people.secretariat,
        at=at,
    )


_STEPS = {
    "sent": _send,
    "returned": _return,
    "endorsed": _endorse,
    "reopened": _reopen,
    "withdrawn": _withdraw,
    "screened": _screen,
    "disqualified": _disqualify,
}
