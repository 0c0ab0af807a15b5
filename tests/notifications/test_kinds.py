"""Every kind of message that the code sends is declared by an app."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from notifications import kinds
from notifications.kinds import NO_NEWS, Group, MessageKind

SENDERS = {"notify", "notify_address"}
TEMPLATES = settings.BASE_DIR / "templates"


def sending_files():
    """Our modules that send: those that import one of the two services."""
    for path in sorted(settings.BASE_DIR.glob("*/**/*.py")):
        if path.relative_to(settings.BASE_DIR).parts[0] not in settings.INSTALLED_APPS:
            continue
        tree = ast.parse(path.read_text())
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and str(node.module).startswith("notifications.services")
            for alias in node.names
        }
        if names & SENDERS:
            yield path, tree


def kinds_sent(path: Path, tree: ast.Module) -> set[str]:
    """The kinds a module can send.

    A kind stands in the call; or its end, or the whole of it, comes as an argument:
    then every word counts that names a template, in the functions that lead there.
    """
    app = path.relative_to(settings.BASE_DIR).parts[0]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    found = set()
    for function in functions:
        for call in calls_of(function, SENDERS):
            (value,) = (each.value for each in call.keywords if each.arg == "kind")
            if isinstance(value, ast.Constant):
                found.add(value.value)
                continue
            if isinstance(value, ast.Attribute):  # KIND.key, declared by that name
                declared = import_module(f"{app}.message_kinds")
                found.add(getattr(declared, ast.unparse(value.value)).key)
                continue
            start = value.values[0].value if isinstance(value, ast.JoinedStr) else ""
            found |= {
                f"{start}{word}"
                for word in words_leading_to(function.name, functions)
                if names_event(app, start, word)
            }
    return found


def calls_of(function, names):
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names
    ]


def words_leading_to(name, functions):
    leading = {name}
    while (
        more := {each.name for each in functions if calls_of(each, leading)} - leading
    ):
        leading |= more
    return {
        node.value
        for each in functions
        if each.name in leading
        for node in ast.walk(each)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_event(app, start, word):
    if not word.replace(".", "_").isidentifier():
        return False
    if start == "account.":
        return word in ACCOUNT_EVENTS
    ends = [word.replace(".", "_"), f"{start.rstrip('.')}_{word}"]
    return any(
        (TEMPLATES / app / "emails" / f"{end}.subject.txt").is_file() for end in ends
    )


# One template tells of all of them.
ACCOUNT_EVENTS = {
    "password_changed",
    "second_factor_added",
    "second_factor_removed",
    "recovery_codes_renewed",
    "second_factor_reset",
    "email_changed",
}


def test_every_kind_that_is_sent_is_declared_and_every_declared_one_is_sent():
    sent = set().union(*(kinds_sent(path, tree) for path, tree in sending_files()))
    # The services of those two write them without a template.
    declared = {each.key for each in kinds.all_kinds()} - set(NO_NEWS)

    assert sorted(sent - declared) == sorted(declared - sent) == []


def test_kinds_are_said_in_words_under_a_group():
    for each in kinds.all_kinds():
        assert str(each.label) != each.key
        assert each.group in Group.values
        names = [placeholder.name for placeholder in each.placeholders]
        assert len(set(names)) == len(names)


def test_kinds_come_by_group():
    groups = [each.group for each in kinds.all_kinds()]

    assert list(dict.fromkeys(groups)) == list(Group.values)


def test_two_kinds_of_one_name_are_a_mistake():
    again = MessageKind("proposal.submitted", "Lain", Group.PROPOSALS)

    with pytest.raises(ValueError, match=r"proposal\.submitted"):
        kinds.register(again)


def test_unknown_kind_is_a_mistake():
    with pytest.raises(KeyError):
        kinds.kind("proposal.nonsense")
    assert kinds.find("proposal.nonsense") is None


@pytest.mark.parametrize(
    "key",
    ["account.password_changed", "proposal.screened", "stage.extended"],
)
def test_what_has_consequences_is_compulsory(key):
    assert kinds.kind(key).is_compulsory
