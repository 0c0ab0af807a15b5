import re
from hashlib import sha256

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from documents import limits, tasks
from documents.models import MAX_ATTEMPTS
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    LeaderFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.documents import MOMENT, BatchFactory, IssuedDocumentFactory

pytestmark = pytest.mark.django_db
CODE = "7K3M9QXT4B2C8DEF"


def verify_url(code):
    return reverse("documents:verify_code", kwargs={"code": code})


def rendered(**details):
    document = IssuedDocumentFactory(**details)
    document.file.save("a.pdf", ContentFile(b"%PDF-1.7 piagam"), save=False)
    document.sha256 = sha256(b"%PDF-1.7 piagam").hexdigest()
    document.rendered_at = MOMENT
    document.save()
    return document


# Verification ----------------------------------------------------------------------


def test_typed_code_leads_to_its_answer(client):
    response = client.get(reverse("documents:verify"), {"kode": "7k3m-9qxt-4b2c-8def"})

    assert (response.status_code, response["Location"]) == (302, verify_url(CODE))


def test_typed_number_is_explained(client):
    response = client.get(reverse("documents:verify"), {"kode": "001/PGM/2022"})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"kode"}


def test_code_written_otherwise_is_led_to_its_one_address(client):
    response = client.get(verify_url("7k3m-9qxt-4b2c-8def"))

    assert (response.status_code, response["Location"]) == (302, verify_url(CODE))


@pytest.mark.parametrize(
    ("details", "status"),
    [
        ({}, 200),
        ({"state": "revoked", "ended_at": MOMENT, "end_reason": "Data palsu."}, 200),
        ({"is_public": False}, 404),
        ({"code": "0" * 16}, 404),
    ],
)
def test_answer_page_is_small_unindexed_and_costs_one_query(
    client, django_assert_num_queries, details, status
):
    IssuedDocumentFactory(**({"code": CODE} | details))

    with django_assert_num_queries(1):
        response = client.get(verify_url(CODE))

    assert response.status_code == status
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-cache" in response["Cache-Control"]
    assert len(response.content) < 50 * 1024
    assert b"Dinas Kependudukan" in response.content or status == 404


def test_answer_is_escaped(client):
    IssuedDocumentFactory(code=CODE, values={"public": [["<b>", "<script>"]]})

    content = client.get(verify_url(CODE)).content

    assert b"&lt;script&gt;" in content
    assert b"<b>" not in content


def test_unchanged_answer_is_not_sent_again(client):
    document = IssuedDocumentFactory(code=CODE)

    with time_machine.travel(MOMENT, tick=False):
        first = client.get(verify_url(CODE))
        known = {"If-None-Match": first["ETag"]}
        unchanged = client.get(verify_url(CODE), headers=known)
        type(document).objects.update(state="revoked", ended_at=MOMENT)
        changed = client.get(verify_url(CODE), headers=known)

    assert (unchanged.status_code, changed.status_code) == (304, 200)


def test_answer_to_somebody_signed_in_is_kept_nowhere(client):
    document = IssuedDocumentFactory(code=CODE)
    client.force_login(SecretariatFactory(government=document.government))

    response = client.get(verify_url(CODE))

    assert response["Cache-Control"] == "private, no-store"


def test_public_page_sets_no_cookie_and_language_is_chosen_without_one():
    browser = Client(enforce_csrf_checks=True)
    IssuedDocumentFactory(code=CODE)

    page = browser.get(verify_url(CODE))
    chosen = browser.post(
        reverse("set_language"), {"language": "en", "next": verify_url(CODE)}
    )

    assert not page.cookies
    assert (chosen.url, chosen.cookies["django_language"].value) == (
        verify_url(CODE),
        "en",
    )


def test_guessing_is_stopped_for_a_while_but_not_for_others(client):
    IssuedDocumentFactory(code=CODE)
    guesses = [verify_url(f"{guess:016}") for guess in range(limits.MISSES)]

    answers = {client.get(url).status_code for url in guesses}
    stopped = client.get(verify_url(CODE))
    other = client.get(verify_url(CODE), REMOTE_ADDR="10.0.0.9")

    assert answers == {404}
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
    assert other.status_code == 200


def test_right_codes_are_never_counted(client):
    IssuedDocumentFactory(code=CODE)

    answers = {client.get(verify_url(CODE)).status_code for _ in range(60)}

    assert answers == {200}


def test_limit_looks_behind_as_many_proxies_as_are_trusted(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for guess in range(limits.MISSES):
        client.get(
            verify_url(f"{guess:016}"),
            headers={"X-Forwarded-For": f"1.1.1.{guess}, 9.9.9.9"},
        )

    url = verify_url("0" * 16)
    same = client.get(url, headers={"X-Forwarded-For": "8.8.8.8, 9.9.9.9"})
    other = client.get(url, headers={"X-Forwarded-For": "9.9.9.9, 8.8.8.8"})

    assert (same.status_code, other.status_code) == (429, 404)


def test_answers_go_on_while_the_cache_is_away(client, monkeypatch):
    IssuedDocumentFactory(code=CODE)
    monkeypatch.setattr(
        type(cache._connections["default"]), "get", lambda *a, **k: None
    )
    monkeypatch.setattr(
        type(cache._connections["default"]), "add", lambda *a, **k: None
    )
    monkeypatch.setattr(
        type(cache._connections["default"]), "incr", lambda *a, **k: None
    )

    answers = {client.get(verify_url(CODE)).status_code for _ in range(30)}
    unknown = {client.get(verify_url("0" * 16)).status_code for _ in range(30)}

    assert (answers, unknown) == ({200}, {404})


# Secretariat -----------------------------------------------------------------------


@pytest.fixture
def tegal():
    return GovernmentFactory()


@pytest.fixture
def secretary(client, tegal):
    person = SecretariatFactory(government=tegal)
    client.force_login(person)
    return person


@pytest.mark.parametrize("count", [1, 3])
def test_document_list_query_count(
    client, secretary, tegal, django_assert_num_queries, count
):
    for _ in range(count):
        rendered(government=tegal)
    IssuedDocumentFactory()  # of another government
    client.get(reverse("documents:document_list"))

    # user, roles, count, page, failed, unread, juror
    with django_assert_num_queries(7):
        response = client.get(reverse("documents:document_list"))

    assert len(response.context["page"].object_list) == count


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"001/PGM/2022", "002/PGM/2022", "003/TT/2022"}),
        ({"jenis": "receipt"}, {"003/TT/2022"}),
        ({"keadaan": "revoked"}, {"002/PGM/2022"}),
        ({"q": "002"}, {"002/PGM/2022"}),
        ({"q": "7k3m-9qxt-4b2c-8def"}, {"001/PGM/2022"}),
        ({"q": "pgm", "keadaan": "issued"}, {"001/PGM/2022"}),
        ({"q": "margadana"}, {"003/TT/2022"}),
        ({"q": "tidak ada"}, set()),
    ],
)
def test_document_list_is_filtered(client, secretary, tegal, query, expected):
    IssuedDocumentFactory(government=tegal, number="001/PGM/2022", code=CODE)
    IssuedDocumentFactory(
        government=tegal, number="002/PGM/2022", state="revoked", ended_at=MOMENT
    )
    IssuedDocumentFactory(
        government=tegal,
        number="003/TT/2022",
        kind="receipt",
        values={"public": [["Instansi", "Puskesmas Margadana"]]},
    )

    response = client.get(reverse("documents:document_list"), query)

    assert {row.number for row in response.context["page"].object_list} == expected


def test_downloaded_file_has_the_same_bytes_every_time(client, secretary, tegal):
    document = rendered(government=tegal, number="001/PGM/2022")
    url = reverse("documents:document_file", kwargs={"code": document.code})

    response = client.get(url)
    first, second = b"".join(response), b"".join(client.get(url))

    assert first == second == b"%PDF-1.7 piagam"
    assert response["Content-Type"] == "application/pdf"
    assert "piagam-penghargaan-001-pgm-2022.pdf" in response["Content-Disposition"]


def test_document_without_a_file_yet_is_not_found(client, secretary, tegal):
    document = IssuedDocumentFactory(government=tegal)

    response = client.get(
        reverse("documents:document_file", kwargs={"code": document.code})
    )

    assert response.status_code == 404


def test_revoking_needs_a_reason(client, secretary, tegal):
    document = IssuedDocumentFactory(government=tegal)
    url = reverse("documents:document_revoke", kwargs={"code": document.code})

    without = client.post(url, {"reason": " "})
    document.refresh_from_db()
    was_valid = document.is_valid
    given = client.post(url, {"reason": "Data palsu."})

    document.refresh_from_db()
    assert (without.status_code, was_valid) == (200, True)
    assert without.context["form"].errors.keys() == {"reason"}
    assert given["Location"] == document.get_absolute_url()
    assert (document.is_revoked, document.end_reason) == (True, "Data palsu.")


def test_ended_document_cannot_be_revoked_again(client, secretary, tegal):
    document = IssuedDocumentFactory(government=tegal, state="revoked", ended_at=MOMENT)

    response = client.post(
        reverse("documents:document_revoke", kwargs={"code": document.code}),
        {"reason": "Lagi."},
    )

    assert response.status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_batch_page_query_count(
    client, secretary, tegal, django_assert_num_queries, count
):
    batch = BatchFactory(government=tegal)
    IssuedDocumentFactory.create_batch(count, government=tegal, batch=batch)

    # user, roles, batch, progress, pace, count, page, unread, juror
    with django_assert_num_queries(9):
        response = client.get(batch.get_absolute_url())

    assert len(response.context["page"].object_list) == count


def test_batch_page_polls_a_part_of_itself_until_all_is_done(client, secretary, tegal):
    batch = BatchFactory(government=tegal)
    document = rendered(government=tegal, batch=batch)
    IssuedDocumentFactory(government=tegal, batch=batch)
    htmx = {"HX-Request": "true"}

    running = client.get(batch.get_absolute_url(), headers=htmx)
    batch.issueddocument_set.exclude(pk=document.pk).update(attempts=MAX_ATTEMPTS)
    ended = client.get(batch.get_absolute_url(), headers=htmx)

    assert b"<html" not in running.content
    assert re.search(rb'<progress[^>]* max="2" value="1"', running.content)
    assert b"hx-trigger" in running.content
    assert b"hx-trigger" not in ended.content
    assert "HX-Refresh" not in running
    assert ended["HX-Refresh"] == "true"


@pytest.mark.parametrize("place", ["batch", "list"])
def test_failed_papers_are_made_again_on_request(
    client, secretary, tegal, monkeypatch, django_capture_on_commit_callbacks, place
):
    started = []
    monkeypatch.setattr(tasks.render_document, "delay", started.append)
    batch = BatchFactory(government=tegal)
    failed = IssuedDocumentFactory(
        government=tegal, batch=batch, attempts=MAX_ATTEMPTS, error="Galat"
    )
    IssuedDocumentFactory(attempts=MAX_ATTEMPTS)  # of another government
    url = {
        "batch": batch.get_absolute_url(),
        "list": reverse("documents:document_list"),
    }[place]

    shown = client.get(url)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url)

    assert b"Galat" in shown.content
    assert response["Location"] == url
    assert started == [failed.pk]


# Who may what ----------------------------------------------------------------------

ROLES = ["own secretariat", "other secretariat", "leader", "admin", "author", "nobody"]


def person_in(role, tegal):
    return {
        "own secretariat": lambda: SecretariatFactory(government=tegal),
        "other secretariat": SecretariatFactory,
        "leader": lambda: LeaderFactory(government=tegal),
        "admin": lambda: InstitutionAdminFactory(
            institution=InstitutionFactory(government=tegal)
        ),
        "author": lambda: AuthorFactory(
            institution=InstitutionFactory(government=tegal)
        ),
        "nobody": UserFactory,
    }[role]()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("document_list", [200, 200, 404, 404, 404, 404]),
        ("document_file", [200, 404, 404, 404, 404, 404]),
        ("document_revoke", [200, 404, 404, 404, 404, 404]),
        ("batch_detail", [200, 404, 404, 404, 404, 404]),
    ],
)
def test_rights(client, tegal, name, allowed):
    document = rendered(government=tegal)
    batch = BatchFactory(government=tegal)
    arguments = {
        "document_list": {},
        "batch_detail": {"key": batch.code},
    }.get(name, {"code": document.code})
    url = reverse(f"documents:{name}", kwargs=arguments)
    answers = []

    for role in ROLES:
        client.force_login(person_in(role, tegal))
        response = client.get(url)
        answers.append(response.status_code)
        if response.streaming:
            list(response)  # closes the file
    client.logout()
    stranger = client.get(url)

    assert answers == allowed
    assert stranger.status_code == 302


def test_only_the_secretariat_changes_anything(client, tegal):
    document = IssuedDocumentFactory(government=tegal)
    batch = BatchFactory(government=tegal)
    urls = [
        reverse("documents:document_revoke", kwargs={"code": document.code}),
        batch.get_absolute_url(),
    ]

    for role in ROLES[1:]:
        client.force_login(person_in(role, tegal))
        answers = [
            client.post(url, {"reason": "Data palsu."}).status_code for url in urls
        ]
        assert answers == [404, 404], role

    document.refresh_from_db()
    assert document.is_valid
