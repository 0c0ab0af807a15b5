"""Loading all of it, a round at a time, skipping what is there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from accounts.models import Government
from competitions.models import Round
from kipp_portal.demo import (
    bodies,
    checks,
    events,
    files,
    forwarding,
    jury,
    plenaries,
    presentations,
    proposals,
    register,
    rounds,
    specimens,
)
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.timeline import play
from notifications.models import Delivery, Message
from submissions.models import Proposal

# What is older was read and mailed long ago, as far as the demonstration goes.
NEWS = timedelta(days=3)


def load(*, now: datetime, report: Callable[[str], None] = lambda line: None) -> bool:
    """Load what is not there yet; tell whether anything was.

    Each round is one transaction: what a killed run had not finished comes with the
    next one. `report` is told each part when it is done.
    """
    clock = Clock(now, ZoneInfo(Government.TimeZone.WIB))
    with translation.override("id"), timezone.override(clock.zone):
        loaded = _load_bodies(clock)
        specimens.make_specimens()
        if loaded:
            report("Governments, institutions and accounts")
        for key in files.ROUNDS:
            if _load_round(key, clock):
                loaded = True
                report(key)
        if _load_register(clock):
            loaded = True
            report("Register of innovations")
        if _load_forwarding(clock):
            loaded = True
            report("Winners sent on")
    return loaded


def _load_bodies(clock: Clock) -> bool:
    with transaction.atomic():
        if Government.objects.filter(slug=files.governments()[0]["slug"]).exists():
            return False
        bodies.load_bodies(clock.past(bodies.BEGINNING))
    return True


def _load_round(key: str, clock: Clock) -> bool:
    data = files.round_file(key)
    known = Round.objects.filter(
        competition__government__slug=data["government"],
        competition__short_name=data["competition"]["short_name"],
        year=data["year"],
    )
    if known.exists():
        return False
    with transaction.atomic():
        round = rounds.load_round(data, clock)
        events.load_events(data.get("events", []), round, clock)
        rules = proposals.Rules(round, clock)
        written: dict[str, Proposal] = {}
        found = files.proposals(key)
        stories = [proposals.tell_proposal(file, rules, written) for file in found]
        if "screening_result" in data:
            stories.append(checks.tell_result(data["screening_result"], rules, written))
        play(stories)
        proposals.refuse_wrong_states(found, written)
        if "panel" in data:
            jury.load_panel(data["panel"], round, written, files.sheets(key), clock)
        if "presentations" in data:
            presentations.load_presentations(data["presentations"], round, clock)
        if "plenary" in data:
            plenaries.load_plenary(data["plenary"], round, written, clock)
        if "result" in data:
            jury.load_result(data["result"], round, clock)
        _settle_old_messages(clock.now - NEWS)
    return True


def _load_register(clock: Clock) -> bool:
    data = files.register()
    if register.is_loaded(data):
        return False
    with transaction.atomic():
        register.load_register(data, clock)
        _settle_old_messages(clock.now - NEWS)
    return True


def _load_forwarding(clock: Clock) -> bool:
    if forwarding.is_loaded():
        return False
    with transaction.atomic():
        forwarding.load_forwarding(files.forwarding(), clock)
        _settle_old_messages(clock.now - NEWS)
    return True


def _settle_old_messages(before: datetime) -> None:
    """Call read and sent what was told long ago, so that nobody is flooded today."""
    old = Message.objects.filter(created_at__lt=before)
    old.unread().update(read_at=F("created_at"))
    Delivery.objects.filter(message__in=old, state=Delivery.State.PENDING).update(
        state=Delivery.State.SENT, sent_at=F("next_attempt_at")
    )
