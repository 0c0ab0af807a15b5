"""Texts in the words of a government: filled, refused, never broken, never code."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from notifications import kinds, services, wording
from notifications.models import Message, MessageTemplate
from tests.factories.accounts import GovernmentFactory, SecretariatFactory, UserFactory
from tests.factories.notifications import MOMENT

KIND = "proposal.submitted"
HOSTILE = [
    "{{ nama }}",
    "{% include 'base.html' %}",
    "{0}",
    "{0.__class__}",
    "{nama.__class__}",
    "{nama!r}",
    "{nama:>100000}",
    "{nama[0]}",
    "{proposal.institution.government}",
    "{settings.SECRET_KEY}",
    "{ nama }",
    "{}",
    "{nama",
    "nama}",
    "{na\nma}",
    "${nama}{",
]


def proposal(**changes):
    values = {
        "title": "Antre Daring",
        "round": SimpleNamespace(name="KIPP 2026"),
        "institution": SimpleNamespace(name="Dinas Kesehatan"),
    }
    return SimpleNamespace(**(values | changes))


def tell(person, *, scope, key="1", **changes):
    return services.notify(
        recipients=[person],
        kind=KIND,
        key=key,
        template="emails/sent",
        context={"title": "Antre Daring", "proposal": proposal(**changes)},
        path="/proposal/1/",
        at=MOMENT,
        scope=scope,
    )


def save(scope, subject="Kabar untuk {nama}", body="Halo {nama}, soal {proposal}."):
    return services.save_wording(
        scope=scope,
        kind=KIND,
        subject=subject,
        body=body,
        actor=SecretariatFactory(government=GovernmentFactory()),
        at=MOMENT,
    )


# Filling -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_with_its_line(text):
    found = wording.faults(f"Baris satu\n{text}", kinds.kind(KIND))

    assert found
    assert {each.line for each in found} <= {2, 3}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_value_is_put_in_as_it_is(text):
    assert wording.fill("Halo {nama}.", {"nama": text}) == f"Halo {text}."


@given(text=st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_refused_or_comes_out_letter_by_letter(text):
    kind = kinds.kind(KIND)
    values = wording.samples_of(kind)
    if wording.faults(text, kind):
        return

    expected = text
    for name, value in values.items():
        expected = expected.replace(f"{{{name}}}", value)

    assert wording.fill(text, values) == expected


@given(
    value=st.text(alphabet="{}%#.[]()!:_ nama'\"<>&;0", min_size=1, max_size=60).filter(
        str.strip
    )
)
@settings(max_examples=300, deadline=None)
def test_no_value_is_read_for_placeholders_again(value):
    words = wording.write(
        kinds.kind(KIND), "{nama}", "{nama}", {"nama": value, "proposal": "RAHASIA"}
    )

    assert words.subject == " ".join(value.split())[:200]
    assert words.body == value.strip()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Halo\n\n{nmaa}", 3, "{nmaa}"),
        ("{nama} {tenggat}", 1, "{tenggat}"),
        ("a\nb }", 2, "}"),
    ],
)
def test_fault_names_line_and_word(text, line, words):
    [fault] = wording.faults(text, kinds.kind(KIND))

    assert fault.line == line
    assert words in str(fault)


def test_every_kind_that_may_be_worded_has_samples_that_fill_it():
    for kind in wording.editable_kinds():
        names = [each.name for each in wording.placeholders_of(kind)]
        assert len(names) == len(set(names)), kind.key
        text = " ".join(f"{{{name}}}" for name in names)
        assert not wording.faults(text, kind)
        assert "{" not in wording.write(kind, text, text, wording.samples_of(kind)).body


def test_security_kinds_keep_their_text():
    for kind in kinds.all_kinds():
        if kind.key.startswith(("account.", "accounts.", "data_")):
            assert not wording.is_editable(kind) or kind.group == "secretariat"


# Sending -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_words_of_the_government_go_out_between_greeting_and_foot():
    save("kota-a", body="Salam {nama}.\n\nProposal {proposal} di {putaran} diterima.")
    person = UserFactory(name="Ani", language="")

    [message] = tell(person, scope="kota-a")

    assert message.subject == "Kabar untuk Ani"
    assert "Salam Ani.\n\nProposal Antre Daring di KIPP 2026 diterima." in (
        message.body_text
    )
    assert "<p>Salam Ani.</p>" in message.body_html
    assert "/proposal/1/" in message.body_text
    assert "sudah diterima." not in message.body_text


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["kota-b", ""])
def test_words_of_another_government_are_not_used(scope):
    save("kota-a")

    [message] = tell(UserFactory(language=""), scope=scope)

    assert message.subject == "Proposal Antre Daring terkirim"


@pytest.mark.django_db
def test_reader_of_english_gets_the_text_of_the_portal():
    save("kota-a")

    [message] = tell(UserFactory(language="en"), scope="kota-a")

    assert message.subject == "Proposal Antre Daring terkirim"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": None}, {"round": None}, {"institution": None}]
)
def test_missing_value_sends_the_text_of_the_portal(changes):
    save("kota-a", body="{proposal} {putaran} {instansi}")

    [message] = tell(UserFactory(language=""), scope="kota-a", **changes)

    assert message.subject == "Proposal Antre Daring terkirim"


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["<script>alert(1)</script>", *HOSTILE])
def test_value_is_escaped_and_runs_nothing(value):
    save("kota-a", subject="Soal {proposal}", body="Soal {proposal}: <b>tebal</b>")

    [message] = tell(UserFactory(language=""), scope="kota-a", title=value)

    assert message.subject == " ".join(f"Soal {value}".split())
    assert f"Soal {value.strip()}: <b>tebal</b>" in message.body_text
    assert "<script>" not in message.body_html
    assert "<b>tebal" not in message.body_html
    assert escape(value.split("\n")[0]) in message.body_html


@pytest.mark.django_db
@pytest.mark.parametrize("mark", wording.MARKS)
def test_marks_of_the_mail_come_from_nobody(mark):
    with pytest.raises(services.WordingRefused):
        save("kota-a", body=f"Halo {mark}")
    save("kota-a", body="Soal {proposal}.")

    [message] = tell(UserFactory(language=""), scope="kota-a", title=f"A{mark}B")

    assert "Soal AB." in message.body_text


@pytest.mark.django_db
def test_one_query_more_however_many_people(django_assert_num_queries):
    people = UserFactory.create_batch(5, language="")
    save("kota-a")
    count = Message.objects.count()

    # Begin, told before, own words, messages in and out, deliveries, end.
    with django_assert_num_queries(7):
        services.notify(
            recipients=people,
            kind=KIND,
            key="2",
            template="emails/sent",
            context={"title": "A", "proposal": proposal()},
            path="/",
            at=MOMENT,
            scope="kota-a",
        )

    assert Message.objects.count() == count + 5


# Saving ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_saved_changed_and_taken_back_and_noted():
    save("kota-a")
    save("kota-a", subject="Lain")
    template = MessageTemplate.objects.get()
    assert template.subject == "Lain"
    assert template.events.count() == 2

    actor = UserFactory()
    services.reset_wording(scope="kota-a", kind=KIND, actor=actor, at=MOMENT)
    services.reset_wording(scope="kota-a", kind=KIND, actor=actor, at=MOMENT)

    assert not MessageTemplate.objects.exists()
    noted = AuditEntry.objects.filter(action__startswith="message_template.")
    assert list(noted.order_by("pk").values_list("action", flat=True)) == [
        "message_template.changed",
        "message_template.changed",
        "message_template.reset",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"subject": "{salah}"}, {"body": "{0.__class__}"}, {"subject": " "}, {"body": ""}],
)
def test_service_refuses_what_the_form_does(changes):
    with pytest.raises(services.WordingRefused):
        save("kota-a", **changes)

    assert not MessageTemplate.objects.exists()


@pytest.mark.django_db
def test_words_of_a_security_kind_are_refused():
    with pytest.raises(services.WordingRefused):
        services.save_wording(
            scope="kota-a",
            kind="account.password_changed",
            subject="a",
            body="b",
            actor=UserFactory(),
            at=MOMENT,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "x", "subject": "", "body": "b"}, "has_words"),
        ({"kind": KIND, "subject": "a", "body": "b"}, "once_per_government"),
    ],
)
def test_row_that_cannot_be(fields, constraint):
    first = save("kota-a")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageTemplate.objects.create(
            scope="kota-a",
            changed_by=first.changed_by,
            changed_at=MOMENT,
            **fields,
        )


# Pages -------------------------------------------------------------------------------


@pytest.fixture
def secretary(client, db):
    person = SecretariatFactory(government=GovernmentFactory())
    client.force_login(person)
    return person


def code_of(person):
    return person.current_memberships[0].government.code


def edit_url(scope, kind=KIND):
    return reverse("notifications:wording_edit", args=[scope, kind])


def test_list_names_every_kind_and_what_was_changed(client, secretary):
    save(code_of(secretary))

    groups = client.get(reverse("notifications:wording_list")).context["groups"]

    rows = [row for group in groups for row in group.rows]
    assert [row.kind.key for row in rows] == [
        kind.key for kind in wording.editable_kinds()
    ]
    assert [row.kind.key for row in rows if row.template] == [KIND]


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(client, secretary, row_count, django_assert_num_queries):
    for kind in wording.editable_kinds()[:row_count]:
        MessageTemplate.objects.create(
            scope=code_of(secretary),
            kind=kind.key,
            subject="a",
            body="b",
            changed_by=secretary,
            changed_at=MOMENT,
        )
    client.get(reverse("notifications:wording_list"))

    # Session, person, roles, templates, unread notices.
    with django_assert_num_queries(5):
        client.get(reverse("notifications:wording_list"))


def test_preview_saves_nothing_and_saving_does(client, secretary):
    url = edit_url(code_of(secretary))
    data = {"subject": "Kabar", "body": "Halo {nama}."}

    seen = client.post(url, data | {"pratinjau": "1"})
    assert seen.status_code == 200
    assert seen.context["preview"].body == "Halo Sri Wahyuni."
    assert not MessageTemplate.objects.exists()

    assert client.post(url, data).status_code == 302
    assert client.get(url).context["preview"].subject == "Kabar"
    assert client.post(f"{url}bawaan/").status_code == 302
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize("text", [*HOSTILE, "", " "])
def test_page_refuses_hostile_text(client, secretary, text):
    url = edit_url(code_of(secretary))

    response = client.post(url, {"subject": "Kabar", "body": text})

    assert response.status_code == 422
    assert response.context["form"].errors["body"]
    assert not MessageTemplate.objects.exists()


def test_kind_that_keeps_its_text_and_foreign_government_are_not_found(
    client, secretary
):
    own, other = code_of(secretary), GovernmentFactory().code

    for scope, kind in [
        (own, "account.password_changed"),
        (own, "tidak.ada"),
        (other, KIND),
    ]:
        assert client.get(edit_url(scope, kind)).status_code == 404
        assert client.post(f"{edit_url(scope, kind)}bawaan/").status_code == 404
