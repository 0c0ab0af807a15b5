"""Whatever changes something is noted in the audit trail, in words people read."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

from accounts import records, trail
from accounts.forms.governments import GovernmentForm
from accounts.models import Government, Institution, Signatory, User
from accounts.services import PROFILE_FIELDS
from accounts.services.governments import SIGNATORY_FIELDS
from accounts.services.institutions import EDITABLE
from competitions.models import Round
from competitions.services.events import EventData
from kipp_portal.retention import RULES

APPS = [
    "accounts",
    "awards",
    "catalogue",
    "competitions",
    "documents",
    "innovations",
    "judging",
    "kipp_portal",
    "monitoring",
    "notifications",
    "submissions",
]
# Services that note nothing, and why they need not.
SILENT = {
    "monitoring.services.broadcasting.start_broadcasts": "ordering it is noted",
    "accounts.services.imports.check_import": "changes nothing until it is applied",
    "accounts.services.privacy.remind_of_data_requests": "the messages are rows",
    "accounts.services.trees.rebuild_paths": "part of moving, which is noted",
    "accounts.services.access.note_access": "writes a log of its own",
    "accounts.services.access.note_sign_in": "writes a log of its own",
    "accounts.services.sign_in.forget_kept_forms": "only what was never saved",
    "judging.services.assigning.assign": "part of acts that are noted",
    "judging.services.assigning.release": "part of acts that are noted",
    "judging.services.scoring.save_verdict": "each version is in the history",
    "judging.services.scoring.note_opening": "a look, kept at the sheet itself",
    "judging.services.visiting.save_visit": "each version is in the history",
    "judging.services.conflicts.note_own_institutions": "the conflict is a row itself",
    "judging.services.timekeeping.append_slot": "part of placing, which is noted",
    "judging.services.timekeeping.locked_plan": "part of acts that are noted",
    "judging.services.timekeeping.retime": "part of saving a day, which is noted",
    "judging.services.timekeeping.tell": "part of acts that are noted",
    "judging.services.timekeeping.touch": "part of acts that are noted",
    "awards.services.certificates.announce_certificate": "the messages are rows",
    "awards.services.giving.announce_award": "the messages are rows",
    "competitions.services.attachments.discard": "part of removing, which is noted",
    "competitions.services.events.fill_places": "part of cancelling, which is noted",
    "innovations.services.registering.describe_innovation": "part of saving a proposal",
    "innovations.services.achieving.record_achievement": "part of giving an award",
    "innovations.services.achieving.forget_achievement": "part of revoking an award",
    "innovations.services.registering.register_innovation": "part of a new proposal",
    "judging.services.scoring.save_scores": "each version is in the history",
    "notifications.services.forgetting.forget_person": "part of an act that is noted",
    "notifications.services.reading.mark_all_read": "nobody's business",
    "notifications.services.reading.mark_read": "nobody's business",
    "notifications.services.bouncing.note_bounce": "kept at the delivery itself",
    "notifications.services.bouncing.read_bounces": "kept at the deliveries",
    "notifications.services.digesting.write_digest": "the message is a row",
    "notifications.services.retrying.can_retry": "changes nothing",
    "notifications.services.telling.notify": "tells of an act that is noted",
    "notifications.services.telling.notify_address": "tells of an act that is noted",
    "submissions.services.noting.write_notes": "part of giving back, which is noted",
    "submissions.services.checking.note_findings": "kept beside what it was found in",
    "submissions.services.checking.refresh_findings": "kept beside what was looked at",
    "submissions.services.correcting.end_correction": "part of sending, which is noted",
    "submissions.services.correcting.remind_of_corrections": "the messages are rows",
    "submissions.services.publishing.tell_results": "the messages are rows",
    "submissions.services.screening.undo": "part of acts that are noted",
    "submissions.services.screening.void_screening": "part of giving back, noted",
    "submissions.services.uploading.begin_upload": "its form notes what it takes",
    "submissions.services.uploading.add_piece": "its form notes what it takes",
    "submissions.services.uploading.take_upload": "part of its form, which is noted",
    "submissions.services.uploading.cancel_upload": "nothing came of it",
    "submissions.services.uploading.joined": "reads only",
    "submissions.services.link_checks.ask_for_checks": "LinkCheck rows say so",
    "submissions.services.link_checks.check_due_links": "LinkCheck rows say so",
    "submissions.services.choosing.remember_columns": "a choice of one's own",
}


class Service:
    """A function of a service module: what it calls, and whether it notes."""

    def __init__(self, name, node):
        self.name, self.node = name, node
        self.calls = {
            call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name | ast.Attribute)
        } | {
            # Handed over, as to a helper or a decorator.
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name)
        }
        self.notes = any(_is_record(each) for each in ast.walk(node))

    @property
    def is_public(self):
        return not self.name.rpartition(".")[2].startswith("_")


def _is_record(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"record", "record_each"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "audit"
    )


def service_files():
    for app in APPS:
        folder = Path(settings.BASE_DIR) / app
        yield from sorted([*folder.glob("services.py"), *folder.glob("services/*.py")])


def module_of(path):
    parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
    return ".".join(parts)


def all_services():
    found = []
    for path in service_files():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found.append(Service(f"{module_of(path)}.{node.name}", node))
    return found


def silent_ones(services):
    """Name the public ones from which no way leads to an entry."""
    by_name = defaultdict(list)
    for each in services:
        by_name[each.name.rpartition(".")[2]].append(each)
    noting = {each.name for each in services if each.notes}
    grown = True
    while grown:
        more = {
            each.name
            for each in services
            if each.name not in noting
            and any(
                other.name in noting for call in each.calls for other in by_name[call]
            )
        }
        grown = bool(more)
        noting |= more
    return {each.name for each in services if each.is_public} - noting


WRITES = {"save", "create", "bulk_create", "update", "delete", "get_or_create"}
WRITES |= {"update_or_create", "bulk_update", "save_base", "add", "remove", "set"}


def writers(services):
    """Keep those that change rows themselves or through functions beside them."""
    by_name = {each.name.rpartition(".")[2]: each for each in services}

    def writes(service, seen=()):
        return bool(service.calls & (WRITES - {"add", "set"})) or any(
            writes(by_name[call], (*seen, call))
            for call in service.calls
            if call in by_name and call not in seen
        )

    return {each.name for each in services if writes(each)}


def test_each_service_that_changes_something_notes_it():
    services = all_services()

    silent = silent_ones(services) & writers(services)

    assert len(services) > 50
    assert sorted(silent - SILENT.keys()) == []


def test_list_of_silent_services_holds_no_other():
    services = all_services()

    assert sorted(SILENT.keys() - silent_ones(services)) == []


def test_silent_service_is_found():
    code = """
def loud(*, at):
    audit.record("a.b", at=at)
    row.save()

def through(*, at):
    loud(at=at)

def silent(*, row):
    row.save()
"""
    services = [
        Service(f"app.services.{node.name}", node) for node in ast.parse(code).body
    ]

    assert silent_ones(services) & writers(services) == {"app.services.silent"}


# Words --------------------------------------------------------------------------------

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded_actions():
    """Collect the actions that code names: where it notes, or hands one on to.

    A function that takes an `action` hands it on; an f-string is spelled out by its
    own module in the words of the states it may name.
    """
    found = defaultdict(set)
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            if "migrations" in path.parts or not _speaks_of_audit(path, tree):
                continue
            handing = {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef)
                and any(arg.arg == "action" for arg in _arguments(node))
            } | {"record", "record_each"}
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and _called(call) in handing:
                    for value in [*call.args, *(each.value for each in call.keywords)]:
                        if isinstance(value, ast.Constant) and _is_action(value.value):
                            found[value.value].add(path.name)
    return found


def _arguments(node):
    return [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]


def _called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _is_action(value):
    return isinstance(value, str) and ACTION.fullmatch(value) is not None


def _speaks_of_audit(path, tree):
    return any(
        isinstance(node, ast.ImportFrom)
        and any(alias.name in ("audit", "record") for alias in node.names)
        for node in ast.walk(tree)
    )


def test_each_action_has_a_sentence():
    """Add the sentence to `accounts.records.ACTIONS`."""
    missing = {
        action: sorted(files)
        for action, files in recorded_actions().items()
        if action not in records.ACTIONS
    }

    assert missing == {}


def test_actions_are_found():
    found = recorded_actions()

    assert found.keys() >= {
        "proposal.submitted",  # handed to a helper
        "round.updated",  # noted through a function of another module
        "result.sealed",
        "evidence.removed",  # handed on twice
    }


def test_each_sentence_says_something_else():
    words = [str(each) for each in records.ACTIONS.values()]

    assert len(words) == len(set(words))


# What services gather a mapping of changes in before they note it.
GATHERED = {"changes", "shared", "received", "facts"}


def noted_keys(tree):
    """Collect the literal names of changes: handed to a call, or gathered before."""
    takes_more = {
        node.name: {each.arg for each in _arguments(node)}
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.args.kwarg
    }
    for node in ast.walk(tree):
        mappings = []
        if isinstance(node, ast.Call):
            called = _called(node)
            mappings += [each.value for each in node.keywords if each.arg == "changes"]
            if "record" in called or "note" in called:
                mappings += node.args
                more = [each.arg for each in node.keywords if called in takes_more]
                yield from set(filter(None, more)) - takes_more.get(called, set())
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if getattr(target, "id", "") in GATHERED:
                    mappings.append(node.value)
                elif (
                    isinstance(target, ast.Subscript)
                    and getattr(target.value, "id", "") in GATHERED
                    and isinstance(target.slice, ast.Constant)
                ):
                    yield target.slice.value
        for mapping in filter(None, mappings):
            for each in ast.walk(mapping):
                if isinstance(each, ast.Dict):
                    yield from (
                        key.value for key in each.keys if isinstance(key, ast.Constant)
                    )


def test_fields_of_changes_have_words():
    """Name them in `accounts.records.FIELDS`, or give the model's field a name."""
    named = defaultdict(set)
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            if _speaks_of_audit(path, tree):
                for key in noted_keys(tree):
                    named[key].add(path.name)

    assert named.keys() >= {"person", "replaced_by", "is_default", "sha256", "told"}
    assert {
        key: sorted(files) for key, files in named.items() if not _has_words(key)
    } == {}


def _has_words(key):
    return key in records.FIELDS or any(
        isinstance(getattr(field, "verbose_name", None), Promise)
        for model in [Institution, *map(apps.get_model, records.SUBJECTS.values())]
        for field in model._meta.get_fields()
        if field.name == key
    )


@pytest.mark.parametrize(
    ("action", "model", "fields"),
    [
        ("government.edited", Government, GovernmentForm.base_fields),
        ("signatory.edited", Signatory, SIGNATORY_FIELDS),
        ("institution.edited", Institution, EDITABLE),
        ("user.changed", User, PROFILE_FIELDS),
        ("event.updated", Round, EventData.__dataclass_fields__),
        ("round.updated", Round, ["name", "theme", "organiser", "guideline"]),
        ("retention.applied", User, [rule.name for rule in RULES]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fields_that_are_compared_one_by_one_have_words(action, model, fields):
    target = model._meta.label_lower
    unnamed = [
        name
        for name in fields
        if not isinstance(
            getattr(trail._field_of(action, target, name), "verbose_name", None),
            Promise,
        )
        and name not in records.FIELDS
    ]

    assert unnamed == []


def test_names_for_other_models_lead_to_fields():
    for model in records.SUBJECTS.values():
        assert apps.get_model(model)
    for (noun, _name), field in records.ALIASES.items():
        assert apps.get_model(records.SUBJECTS[noun])._meta.get_field(field).choices
    for model, field in records.NAMED_BY_CHOICE.values():
        assert apps.get_model(model)._meta.get_field(field).choices
