"""Writing a proposal: create it, save its general data and its answers."""

import secrets
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from competitions.models import Category, Cluster, FormTemplate, Round, Section, Track
from competitions.windows import submission_window
from core import audit
from core.errors import DomainError
from core.rich_text import RichText
from innovations.models import Innovation
from innovations.services import register_innovation
from submissions import queries, sources
from submissions.models import Answer, Proposal
from submissions.services.locking import SubmissionClosed, locked_for_writing
from submissions.services.taking_over import take_over, take_over_files
from submissions.services.versions import counterpart

# Without vowels no words arise; without 0 O 1 I L none is misread.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
HEADER_COLUMNS = [
    "title",
    "track",
    "category",
    "cluster",
    "header",
    "header_version",
    "header_saved_by",
    "header_saved_at",
]


class InstitutionElsewhere(DomainError):
    """The institution does not belong to the government that holds the round."""


class InstitutionNotAdmitted(DomainError):
    """The round is not for institutions of this kind."""


class TrackNotOpen(DomainError):
    """The track is by invitation, and this institution has none."""


class InnovationEntered(DomainError):
    """The innovation has a proposal in this round already: `proposal`."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            _("%(title)s has been proposed in this round already.")
            % {"title": proposal.title}
        )
        self.proposal = proposal


class InnovationNotYours(DomainError):
    """The innovation is of another institution, or out of use."""


class AnswerConflict(DomainError):
    """Somebody saved a newer text after the author opened the page.

    `current` is the answer that stands; `kept` is what was not written over it, kept
    in the history.
    """

    def __init__(self, current: Answer, kept: RichText) -> None:
        super().__init__(
            _("Somebody saved a newer version after you opened this page.")
        )
        self.current = current
        self.kept = kept


class HeaderConflict(DomainError):
    """Somebody saved newer general data; `current` is the proposal as it stands."""

    def __init__(self, current: Proposal) -> None:
        super().__init__(
            _("Somebody saved a newer version after you opened this page.")
        )
        self.current = current


@dataclass(frozen=True)
class HeaderDraft:
    """The general data as the author leaves them; see `headers` for the values."""

    title: str
    track: Track
    category: Category | None
    values: Mapping[str, Any]
    cluster: Cluster | None = None


def create_proposal(
    *,
    round: Round,
    institution: Institution,
    title: str,
    track: Track,
    actor: User,
    at: datetime,
    innovation: Innovation | None = None,
) -> Proposal:
    """Begin a proposal of `institution`, for a new innovation or for a known one.

    A known one starts from what its institution, or a predecessor, proposed last.

    Raises SubmissionClosed, InstitutionElsewhere, InstitutionNotAdmitted, TrackNotOpen,
    InnovationNotYours or InnovationEntered. Source: rules SUB-01, SUB-07, SUB-08 and
    INN-07 in docs/rules.md.
    """
    form = _form_to_write(round, institution, at)
    if institution.government_id != round.competition.government_id:
        raise InstitutionElsewhere(
            _("This round is for the institutions of %(government)s.")
            % {"government": round.competition.government}
        )
    _refuse_kind(round, institution)
    _refuse_uninvited(track, institution.pk)
    with transaction.atomic():
        source = None
        if innovation is None:
            innovation = register_innovation(
                institution=institution, title=title, at=at
            )
        else:
            _refuse_strange(innovation, institution)
            _refuse_second_entry(round, innovation)
            source = sources.source_of(innovation, institution)
        proposal = _begin(
            Proposal(
                round=round,
                innovation=innovation,
                institution=institution,
                form=form,
                track=track,
                title=title,
            ),
            actor,
            at,
        )
        if source:
            take_over(proposal=proposal, source=source, actor=actor, at=at)
    return proposal


def forward_proposal(
    *, source: Proposal, round: Round, track: Track, actor: User, at: datetime
) -> Proposal:
    """Begin a draft in a round of another government from what won in its own.

    It starts from `source` with texts, values and every file that has a place; whether
    it may be sent there at all was asked by who calls. Raises SubmissionClosed,
    InstitutionNotAdmitted, TrackNotOpen, InnovationNotYours or InnovationEntered.
    Source: rule AWD-14 in docs/rules.md.
    """
    institution, innovation = source.institution, source.innovation
    form = _form_to_write(round, institution, at)
    _refuse_kind(round, institution)
    _refuse_uninvited(track, institution.pk)
    with transaction.atomic():
        _refuse_strange(innovation, institution)
        _refuse_second_entry(round, innovation)
        proposal = _begin(
            Proposal(
                round=round,
                innovation=innovation,
                institution=institution,
                form=form,
                track=track,
                title=source.title,
            ),
            actor,
            at,
        )
        taken = take_over(proposal=proposal, source=source, actor=actor, at=at)
        files = sources.files_to_take(proposal, taken)
        take_over_files(
            proposal=proposal, keys={each.key for each in files}, actor=actor, at=at
        )
    return proposal


def _form_to_write(
    round: Round, institution: Institution, at: datetime
) -> FormTemplate:
    window = submission_window(round, institution.pk)
    if not round.is_opened or window is None or not window.is_open(at):
        raise SubmissionClosed(_("This round does not take proposals at this time."))
    form = round.formtemplate_set.order_by("-version").first()
    if form is None:
        raise SubmissionClosed(_("This round has no proposal form yet."))
    return form


def _begin(proposal: Proposal, actor: User, at: datetime) -> Proposal:
    proposal.code = _free_code()
    proposal.created_by = actor
    proposal.created_at = proposal.last_saved_at = at
    proposal.save(force_insert=True)
    _record("proposal.created", proposal, actor, at)
    return proposal


def _refuse_kind(round: Round, institution: Institution) -> None:
    if not round.admits(institution.kind):
        raise InstitutionNotAdmitted(
            _("This round is not for institutions of the kind %(kind)s.")
            % {"kind": institution.get_kind_display()}
        )


def _refuse_strange(innovation: Innovation, institution: Institution) -> None:
    if not sources.known_innovations([institution]).filter(pk=innovation.pk).exists():
        raise InnovationNotYours(
            _("%(innovation)s is not in the register of %(institution)s, or retired.")
            % {"innovation": innovation, "institution": institution}
        )


def _refuse_second_entry(round: Round, innovation: Innovation) -> None:
    # Two tabs may enter the same innovation: whoever comes second waits here.
    Innovation.objects.select_for_update(no_key=True).get(pk=innovation.pk)
    if entry := sources.entry_in(innovation, round.pk):
        raise InnovationEntered(entry)


def _refuse_uninvited(track: Track, institution_id: int) -> None:
    if track.is_by_invitation and not queries.is_invited(track, institution_id):
        raise TrackNotOpen(
            _(
                "%(track)s is by invitation. Ask the secretariat to invite your "
                "institution, or choose another group."
            )
            % {"track": track}
        )


def _free_code() -> str:
    while True:
        letters = "".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LENGTH))
        code = f"KIPP-{letters}"
        if not Proposal.objects.filter(code=code).exists():
            return code


def save_header(
    *,
    proposal: Proposal,
    draft: HeaderDraft,
    base_version: int,
    actor: User,
    at: datetime,
) -> Proposal:
    """Save the general data, complete or not, and give the proposal as it stands.

    `base_version` is the `header_version` the author's page was made from. Raises
    NotWritable, TrackNotOpen, and HeaderConflict for a page that is not the newest:
    then nothing is overwritten, and what it would have written is kept in the history.
    """
    with transaction.atomic():
        standing = locked_for_writing(proposal, at)
        if _is_same(standing, draft):
            return standing
        if standing.track_id != draft.track.pk:
            _refuse_uninvited(draft.track, standing.institution_id)
        wanted = _with_draft(standing, draft, actor, at)
        conflict = None
        if standing.header_version != base_version:
            pghistory.create_event(wanted, label="conflict")
            conflict = HeaderConflict(standing)
        else:
            wanted.header_version += 1
            wanted.save(update_fields=[*HEADER_COLUMNS, "last_saved_at"])
    # Only now: what was kept must outlive the refusal.
    if conflict:
        raise conflict
    return wanted


def _with_draft(
    standing: Proposal, draft: HeaderDraft, actor: User, at: datetime
) -> Proposal:
    wanted = copy(standing)
    wanted.title = draft.title
    wanted.track = draft.track
    wanted.category = draft.category
    wanted.cluster = draft.cluster
    wanted.header = {**standing.header, **draft.values}
    wanted.header_saved_by = actor
    wanted.header_saved_at = wanted.last_saved_at = at
    return wanted


def _is_same(proposal: Proposal, draft: HeaderDraft) -> bool:
    return (
        proposal.title == draft.title
        and proposal.track_id == draft.track.pk
        and proposal.category_id == (draft.category.pk if draft.category else None)
        and proposal.cluster_id == (draft.cluster.pk if draft.cluster else None)
        and proposal.header == {**proposal.header, **draft.values}
    )


def save_answer(
    *,
    proposal: Proposal,
    section: Section,
    text: str,
    base_version: int,
    actor: User,
    at: datetime,
    html: str | None = None,
) -> Answer:
    """Save the text of one section, however long, and give the answer as it stands.

    `html` is the text with its formats as `rich_text.clean` writes them, "" where it is
    plain, and None for a page that knows the plain text only: there the same text keeps
    its formats, and another goes without. `base_version` is the version the author's
    page was made from, 0 for none. The same once more is no change.

    Raises NotWritable, and AnswerConflict for a page that is not the newest: then
    nothing is overwritten, and both texts are kept. Source of the patience with long
    texts: rule FRM-03 in docs/rules.md.
    """
    wanted = RichText(text, html or "")
    conflict = None
    with transaction.atomic():
        proposal = locked_for_writing(proposal, at, to_save=True)
        section = counterpart(section, proposal)
        answers = Answer.objects.filter(proposal=proposal, section=section)
        # At most one: `first` would sort, and comparing columns for that takes longer.
        answer = next(iter(answers), None)
        if answer is None:
            answer = Answer(proposal=proposal, section=section, version=0)
        elif answer.text == text and html in (answer.html, None):
            return answer
        if answer.version != base_version:
            _keep_stale(answer, wanted, actor, at)
            conflict = AnswerConflict(answer, wanted)
        else:
            _write(answer, wanted, actor, at)
            Proposal.objects.filter(pk=proposal.pk).update(last_saved_at=at)
    # Only now: the text that was kept must outlive the refusal.
    if conflict:
        raise conflict
    return answer


def _write(answer: Answer, wanted: RichText, actor: User, at: datetime) -> None:
    answer.text, answer.html = wanted.text, wanted.html
    answer.version += 1
    answer.saved_by = actor
    answer.saved_at = at
    if answer._state.adding:
        answer.save(force_insert=True)
    else:
        answer.save(update_fields=["text", "html", "version", "saved_by", "saved_at"])


def _keep_stale(answer: Answer, wanted: RichText, actor: User, at: datetime) -> None:
    """Note in the history what would have been written, once."""
    history = answer.events  # type: ignore[attr-defined]  # made by pghistory
    same = {"text": wanted.text, "html": wanted.html, "saved_by_id": actor.pk}
    if not history.filter(pgh_label="conflict", **same).exists():
        pghistory.create_event(
            Answer(
                pk=answer.pk,
                proposal_id=answer.proposal_id,
                section_id=answer.section_id,
                version=answer.version,
                saved_at=at,
                **same,
            ),
            label="conflict",
        )


def _record(action: str, proposal: Proposal, actor: User, at: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
    )
