"""Every kind of long form gives its text back after the session has ended."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import KeptForm
from accounts.sessions import SEEN
from judging.models import Score
from submissions.models import Answer, ScreeningItem
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"
TYPED = "Teks panjang yang tidak boleh hilang"
FIELD = re.compile(r"<(?:input|textarea|select)\b[^>]*>")


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def fields_of(page, action):
    """What a browser would send from the form at `action`, without its buttons."""
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    form = max(
        (each for each in forms if attribute(each[:600], "action") in ("", action)),
        key=len,
    )
    fields = {}
    for tag in FIELD.findall(form):
        kind, name = attribute(tag, "type"), attribute(tag, "name")
        is_unset = kind in ("radio", "checkbox") and "checked" not in tag
        # Waits for the script, without which a browser does not send it.
        is_unset = is_unset or " disabled" in tag
        if name and kind not in ("submit", "file") and not is_unset:
            fields[name] = attribute(tag, "value")
    return fields


def sign_in(browser, user):
    page = browser.get(LOGIN).content.decode()
    form = fields_of(page, LOGIN) | {"login": user.email, "password": PASSWORD}
    return browser.post(LOGIN, form)


CASES = {
    "autosave": (
        "author",
        "submissions:section_edit",
        ["draft.code", "kebaruan"],
        {"text": TYPED},
        lambda: Answer.objects.filter(text__contains=TYPED),
    ),
    "screening": (
        "secretariat",
        "submissions:screening_edit",
        ["submitted.code"],
        "note",
        lambda: ScreeningItem.objects.filter(note__contains=TYPED),
    ),
    "score sheet": (
        "juror",
        "judging:sheet_edit",
        ["sheet.key"],
        "note",
        lambda: Score.objects.filter(note__contains=TYPED),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_text_of_a_lost_session_is_saved_after_signing_in(case, visitor):
    person, route, args, typed, stored = CASES[case]
    world = visitor.world
    user = world.people[person]
    path = reverse(route, args=[world.resolve(each) for each in args])
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, user)
    fields = fields_of(browser.get(path).content.decode(), path)
    if typed == "note":
        notes = [name for name in fields if "note" in name]
        fields |= dict.fromkeys(notes, TYPED)
        # Without a verdict no screening is complete; a score sheet knows none.
        fields |= {name.replace("note", "verdict"): "met" for name in notes}
    else:
        fields |= typed
    session = browser.session
    session[SEEN] -= 7200
    session.save()

    lost = browser.post(path, fields, headers={"referer": f"http://testserver{path}"})
    assert lost.url.startswith(LOGIN)
    assert not stored().exists()
    back = sign_in(browser, user)
    page = browser.get(back.url)
    assert TYPED in page.content.decode()
    again = fields_of(page.content.decode(), path)
    saved = browser.post(path, again)

    assert saved.status_code == 302, saved.content.decode()[:2000]
    assert stored().exists()
    assert not KeptForm.objects.filter(user=user).exclude(path="/akun/profil/").exists()
