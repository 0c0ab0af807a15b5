"""Minimal valid rows of what stands around sending: notes, late texts."""

from datetime import timedelta

import factory
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from submissions.models import Gist, LateAdmission, LateText, SectionNote
from tests.factories.accounts import UserFactory
from tests.factories.submissions import ProposalFactory


class SectionNoteFactory(DjangoModelFactory):
    class Meta:
        model = SectionNote

    proposal = factory.SubFactory(ProposalFactory)
    part = "kebaruan"
    text = "Tambahkan angka sebelum dan sesudah."
    key = factory.LazyFunction(lambda: get_random_string(16))
    written_by = factory.SubFactory(UserFactory)
    written_at = factory.LazyFunction(timezone.now)


class LateTextFactory(DjangoModelFactory):
    class Meta:
        model = LateText

    proposal = factory.SubFactory(ProposalFactory)
    part = "kebaruan"
    text = "Kalimat yang terlambat."
    saved_by = factory.SelfAttribute("proposal.created_by")
    first_at = factory.LazyFunction(timezone.now)
    saved_at = factory.LazyAttribute(lambda o: o.first_at + timedelta(seconds=5))


class LateAdmissionFactory(DjangoModelFactory):
    class Meta:
        model = LateAdmission

    proposal = factory.SubFactory(ProposalFactory)
    reason = "Listrik padam di seluruh kecamatan."
    arrived_at = factory.LazyFunction(timezone.now)
    decided_by = factory.SubFactory(UserFactory)
    decided_at = factory.LazyFunction(timezone.now)


class GistFactory(DjangoModelFactory):
    class Meta:
        model = Gist

    proposal = factory.SubFactory(ProposalFactory)
    text = "waktu tunggu turun dari sembilan hari menjadi satu hari."
