"""Minimal valid rows of `submissions`, and a proposal that passes every check."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import factory
import pgtrigger
import pikepdf
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from competitions.models import Consent, HeaderField, LetterKind, Section
from submissions.models import (
    ENTERED_STATES,
    Answer,
    Evidence,
    EvidenceLink,
    Objection,
    ObjectionFile,
    PartialUpload,
    Proposal,
    ProposalState,
    Reminder,
    Screening,
    ScreeningItem,
    ScreeningState,
    StatementLetter,
    TakeOver,
    TrackInvitation,
)
from tests.factories.accounts import InstitutionFactory, UserFactory
from tests.factories.competitions import (
    CategoryFactory,
    FormTemplateFactory,
    LetterKindFactory,
    ReminderPlanFactory,
    RequirementFactory,
    RoundFactory,
    SectionFactory,
    TrackFactory,
    small_round,
)
from tests.factories.innovations import InnovationFactory

HEADER_VALUES = {
    HeaderField.Kind.DATE: "2020-03-02",
    HeaderField.Kind.TEXT: "Contoh",
    HeaderField.Kind.YES_NO: {"yes": False, "detail": ""},
    HeaderField.Kind.SDGS: [3, 16],
    HeaderField.Kind.LINK: "https://video.contoh.example/inovasi",
    HeaderField.Kind.NUMBER: "12.5",
    HeaderField.Kind.PERSONS: [{"nama": "Siti Contoh"}],
}


def tiny_pdf(text: str = "") -> bytes:
    """A PDF of one empty page; `text` makes it another file."""
    out = BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.docinfo["/Title"] = text or "Contoh"
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _is_entered(proposal) -> bool:
    return proposal.state in {state.value for state in ENTERED_STATES}


class ProposalFactory(DjangoModelFactory):
    """A proposal in any `state`; parts of its round are taken or made."""

    class Meta:
        model = Proposal

    round = factory.SubFactory(RoundFactory)
    institution = factory.LazyAttribute(
        lambda o: InstitutionFactory(government=o.round.competition.government)
    )
    innovation = factory.LazyAttribute(
        lambda o: InnovationFactory(institution=o.institution, title=o.title)
    )
    form = factory.LazyAttribute(
        lambda o: (
            o.round.formtemplate_set.order_by("-version").first()
            or FormTemplateFactory(round=o.round)
        )
    )
    track = factory.LazyAttribute(
        lambda o: (
            o.round.track_set.order_by("order").first() or TrackFactory(round=o.round)
        )
    )
    category = factory.LazyAttribute(
        lambda o: (
            o.round.category_set.order_by("order").first()
            or CategoryFactory(round=o.round)
        )
    )
    code = factory.Sequence("KIPP-T{:05}".format)
    title = factory.Sequence("Proposal Contoh {}".format)
    state = ProposalState.DRAFT
    created_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
    last_saved_at = factory.SelfAttribute("created_at")
    submitted_at = factory.LazyAttribute(
        lambda o: o.created_at if _is_entered(o) else None
    )
    submitted_by = factory.LazyAttribute(
        lambda o: o.created_by if _is_entered(o) else None
    )
    receipt_number = factory.LazyAttributeSequence(
        lambda o, n: f"TT-2022-{n:04}" if _is_entered(o) else ""
    )
    digest = factory.LazyAttribute(
        lambda o: sha256(o.code.encode()).hexdigest() if _is_entered(o) else ""
    )


class _ContentFactory(DjangoModelFactory):
    """Content of a proposal, also of one that was sent on already."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        # In a savepoint, so that a refused row leaves the trigger to be set again.
        trigger = f"{model_class._meta.label}:while_editable"
        with pgtrigger.ignore(trigger), transaction.atomic():
            return super()._create(model_class, *args, **kwargs)


class AnswerFactory(_ContentFactory):
    class Meta:
        model = Answer

    proposal = factory.SubFactory(ProposalFactory)
    section = factory.LazyAttribute(lambda o: SectionFactory(form=o.proposal.form))
    text = "Waktu tunggu turun dari sembilan hari menjadi satu hari."
    saved_by = factory.SelfAttribute("proposal.created_by")
    saved_at = factory.LazyFunction(timezone.now)


class _StoredFileFactory(_ContentFactory):
    class Meta:
        abstract = True

    class Params:
        content = factory.Sequence(lambda n: tiny_pdf(f"Berkas {n}"))

    proposal = factory.SubFactory(ProposalFactory)
    # As in the portal: one space of keys for evidence and letters, and no doubles.
    key = factory.LazyFunction(lambda: get_random_string(20))
    name = "bukti.pdf"
    content_type = "application/pdf"
    file = factory.LazyAttribute(lambda o: ContentFile(o.content, name="acak.pdf"))
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: sha256(o.content).hexdigest())
    uploaded_by = factory.SelfAttribute("proposal.created_by")
    uploaded_at = factory.LazyFunction(timezone.now)


class EvidenceFactory(_StoredFileFactory):
    class Meta:
        model = Evidence

    section = factory.LazyAttribute(lambda o: SectionFactory(form=o.proposal.form))


class EvidenceLinkFactory(_ContentFactory):
    class Meta:
        model = EvidenceLink

    proposal = factory.SubFactory(ProposalFactory)
    section = factory.LazyAttribute(lambda o: SectionFactory(form=o.proposal.form))
    url = factory.Sequence("https://contoh.example/bukti/{}".format)
    label = "Liputan"
    key = factory.LazyFunction(lambda: get_random_string(20))
    added_by = factory.SelfAttribute("proposal.created_by")
    added_at = factory.LazyFunction(timezone.now)


class TakeOverFactory(DjangoModelFactory):
    class Meta:
        model = TakeOver

    proposal = factory.SubFactory(ProposalFactory)
    source = factory.LazyAttribute(
        lambda o: ProposalFactory(
            innovation=o.proposal.innovation, institution=o.proposal.institution
        )
    )
    taken_at = factory.SelfAttribute("proposal.created_at")


class PartialUploadFactory(DjangoModelFactory):
    class Meta:
        model = PartialUpload

    key = factory.LazyFunction(lambda: get_random_string(20))
    owner = factory.SelfAttribute("proposal.created_by")
    proposal = factory.SubFactory(ProposalFactory)
    name = "bukti.pdf"
    size = 1000
    began_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda o: o.began_at + timedelta(days=2))


class TrackInvitationFactory(DjangoModelFactory):
    class Meta:
        model = TrackInvitation

    track = factory.SubFactory(TrackFactory, is_by_invitation=True)
    institution = factory.LazyAttribute(
        lambda o: InstitutionFactory(government=o.track.round.competition.government)
    )
    note = "Juara I tahun lalu"
    key = factory.LazyFunction(lambda: get_random_string(20))
    invited_by = factory.SubFactory(UserFactory)
    invited_at = factory.LazyFunction(timezone.now)


class StatementLetterFactory(_StoredFileFactory):
    class Meta:
        model = StatementLetter

    kind = factory.LazyAttribute(lambda o: LetterKindFactory(form=o.proposal.form))
    name = "surat.pdf"


def _is_open(screening) -> bool:
    return screening.state == ScreeningState.DRAFT


class ScreeningFactory(DjangoModelFactory):
    class Meta:
        model = Screening

    proposal = factory.SubFactory(ProposalFactory, state=ProposalState.SCREENED_PASSED)
    state = ScreeningState.PUBLISHED
    passed = factory.LazyAttribute(lambda o: None if _is_open(o) else True)
    decided_by = factory.LazyAttribute(lambda o: None if _is_open(o) else UserFactory())
    decided_at = factory.LazyAttribute(
        lambda o: None if _is_open(o) else timezone.now()
    )
    published_at = factory.LazyAttribute(
        lambda o: o.decided_at if o.state == ScreeningState.PUBLISHED else None
    )
    told_at = factory.SelfAttribute("published_at")


class ScreeningItemFactory(DjangoModelFactory):
    class Meta:
        model = ScreeningItem

    screening = factory.SubFactory(ScreeningFactory)
    requirement = factory.LazyAttribute(
        lambda o: RequirementFactory(round=o.screening.proposal.round)
    )
    verdict = ScreeningItem.Verdict.MET


class ObjectionFactory(DjangoModelFactory):
    """An objection; with an `answered_by` it has an answer too."""

    class Meta:
        model = Objection

    proposal = factory.SubFactory(ProposalFactory, state=ProposalState.SCREENED_FAILED)
    text = "Buktinya ada pada lampiran kedua."
    filed_by = factory.SelfAttribute("proposal.created_by")
    filed_at = factory.LazyFunction(timezone.now)
    answered_at = factory.LazyAttribute(
        lambda o: timezone.now() if getattr(o, "answered_by", None) else None
    )


class ObjectionFileFactory(DjangoModelFactory):
    class Meta:
        model = ObjectionFile

    class Params:
        content = factory.Sequence(lambda n: tiny_pdf(f"Sanggahan {n}"))

    objection = factory.SubFactory(ObjectionFactory)
    key = factory.LazyFunction(lambda: get_random_string(20))
    name = "sanggahan.pdf"
    content_type = "application/pdf"
    file = factory.LazyAttribute(lambda o: ContentFile(o.content, name="acak.pdf"))
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: sha256(o.content).hexdigest())
    uploaded_by = factory.SelfAttribute("objection.filed_by")
    uploaded_at = factory.LazyFunction(timezone.now)


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = Reminder

    plan = factory.SubFactory(ReminderPlanFactory)
    user = factory.SubFactory(UserFactory)
    counted_from = factory.SelfAttribute("plan.stage.closes_at")
    noted_at = factory.LazyFunction(timezone.now)
    was_told = True


def complete_proposal(**fields) -> Proposal:
    """A proposal that meets every requirement of its round (a `small_round`)."""
    fields.setdefault("round", None)
    fields["round"] = fields["round"] or small_round()
    proposal = ProposalFactory(**fields)
    fill_proposal(proposal)
    return proposal


def fill_proposal(proposal: Proposal) -> None:
    """Answer every section and field, and attach every letter and asked-for file."""
    header = {
        field.code: HEADER_VALUES[field.kind]
        for field in proposal.form.headerfield_set.all()
    }
    proposal.header = header
    with pgtrigger.ignore("submissions.Proposal:content_fixed"):
        proposal.save(update_fields=["header"])
    for section in Section.objects.filter(form=proposal.form):
        AnswerFactory(proposal=proposal, section=section)
        if section.evidence_required:
            EvidenceFactory(proposal=proposal, section=section)
    consents = Consent.objects.filter(form=proposal.form)
    proposal.consents = {each.code: each.text for each in consents}
    with pgtrigger.ignore("submissions.Proposal:content_fixed"):
        proposal.save(update_fields=["consents"])
    for kind in LetterKind.objects.filter(form=proposal.form):
        StatementLetterFactory(proposal=proposal, kind=kind)
