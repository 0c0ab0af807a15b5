from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Institution, User
from awards.models import Award, Forwarding
from catalogue.models import Entry
from competitions.models import Round
from documents.models import IssuedDocument
from innovations.models import Achievement
from judging.models import Result, ScoreSheet
from kipp_portal import demo
from kipp_portal.demo import accounts
from notifications.models import Delivery
from submissions.models import Proposal

TABLES = (User, Institution, Round, Proposal, ScoreSheet, Award, Entry, IssuedDocument)


@pytest.mark.django_db
def test_demonstration_loads_once(settings):
    settings.DEMO_PASSWORD = "kata-sandi-peragaan"
    now = timezone.now()
    parts = []

    assert demo.load(now=now, report=parts.append)
    first = [table.objects.count() for table in TABLES]
    assert not demo.load(now=now + timedelta(days=2))
    again = [table.objects.count() for table in TABLES]

    assert again == first
    assert len(parts) == 12
    _finished_round_has_winners()
    _running_round_is_scored()
    _receipts_follow_each_other()
    _winners_are_sent_on()
    _nobody_is_flooded(now)
    user = User.objects.get(email="opd@tegal.example")
    assert check_password("kata-sandi-peragaan", user.password)


def _finished_round_has_winners():
    awards = Award.objects.filter(row__result__round__slug="kipp-kota-tegal-2021")
    assert [award.row.title.partition(":")[0] for award in awards.for_list()][:3] == [
        "e-Kelurahan",
        "SIPENJALU",
        "Ladis Song Malam",
    ]
    certificates = IssuedDocument.objects.filter(kind="certificate", year=2021)
    assert certificates.count() == awards.count() == 6
    assert Entry.objects.filter(year=2021).count() == 6
    assert Result.objects.sealed().count() == 2


def _running_round_is_scored():
    round = Round.objects.get(slug="kipp-kota-tegal-2022")
    now = timezone.now()
    (stage,) = round.stage_set.open_at(now)
    assert stage.kind == "scoring"
    assert round.is_demonstration
    sheets = ScoreSheet.objects.filter(assignment__scoring_stage__round=round)
    assert sheets.open().final().count() == 42
    assert sheets.open().filter(state="draft", version__gt=0).count() > 3


def _winners_are_sent_on():
    sent = {
        each.award.row.title.partition(":")[0]: each
        for each in Forwarding.objects.for_list()
    }
    round = Round.objects.get(slug="kipp-provinsi-jawa-tengah-2023")
    (outside,) = (each for each in sent.values() if each.is_outside)
    assert [each.level for each in Achievement.objects.filter(forwarding=outside)] == [
        "Top Inovasi Terpuji"
    ]
    assert sent["SIPENJALU"].has_draft
    assert (
        sent["SIPENJALU"].proposal.takeover.source
        == sent["SIPENJALU"].award.row.proposal
    )
    assert sent["SIPENJALU"].proposal.answer_set.filter(text__regex=r"\S").count() > 5
    assert list(Forwarding.objects.incoming(round)) == [sent["Kartu Nelayan Satu Data"]]
    assert sent["Ladis Song Malam"].is_asked
    assert Award.objects.for_list().filter(forwarding=None).exists()


def _receipts_follow_each_other():
    entered = Proposal.objects.filter(round__slug="kipp-kota-tegal-2022").exclude(
        receipt_number=""
    )
    by_time = list(
        entered.order_by("submitted_at").values_list("receipt_number", flat=True)
    )
    assert by_time == sorted(by_time)


def _nobody_is_flooded(now: datetime):
    pending = Delivery.objects.filter(state=Delivery.State.PENDING)
    assert 0 < pending.count() < 30
    assert Delivery.objects.filter(sent_at__gt=now).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_commands_refuse_a_portal_in_real_use(settings, command):
    settings.DEMO = False

    with pytest.raises(CommandError, match="KIPP_DEMO"):
        call_command(command)

    assert User.objects.count() == 0


def test_accounts_are_told_with_their_password(settings):
    settings.DEMO_PASSWORD = "kata-sandi-peragaan"

    lines = list(accounts.lines())

    text = "\n".join(lines)
    for name in ("sekretariat", "opd", "kepala.opd", "juri1", "juri5", "pimpinan"):
        for domain in (
            "tegal",
            "magelang",
            "pekalongankota",
            "pekalongankab",
            "jateng",
        ):
            assert f"  {name}@{domain}.example " in text
    assert "admin@portal.example" in text
    assert lines[-1] == "Kata sandi semua akun: kata-sandi-peragaan"
