"""The log: its words, its pages, its files, and that nothing is left out of it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from accounts import records, trail
from accounts.forms.records import RecordFilterForm
from accounts.models import AccessEntry
from core import audit
from core.models import AuditEntry
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2022, 3, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def government():
    return GovernmentFactory(code="33.76", slug="kota-tegal")


@pytest.fixture
def secretary(government):
    return SecretariatFactory(government=government, name="Siti")


@pytest.fixture
def note(government, secretary):
    def record(action="round.updated", *, minutes=0, actor=secretary, **details):
        fields = {"target": government, "scope": government.code, **details}
        return audit.record(
            action, actor=actor, at=AT + timedelta(minutes=minutes), **fields
        )

    return record


@pytest.fixture
def ask(client, secretary):
    def get(name="record_list", user=secretary, **query):
        client.force_login(user)
        args = [] if name.startswith("portal") else ["kota-tegal"]
        return client.get(reverse(f"accounts:{name}", args=args), query)

    return get


def shown(response):
    return [(row.action, row.target) for row in response.context["rows"]]


# Words --------------------------------------------------------------------------------


def test_each_action_belongs_to_one_group():
    nouns = [noun for group in records.GROUPS.values() for noun in group.nouns]

    assert len(nouns) == len(set(nouns))
    assert {records.noun_of(action) for action in records.ACTIONS} <= set(nouns)


def test_changes_are_told_in_words(note, government):
    entry = note(
        target=government,
        changes={
            "kind": ["kota", "kabupaten"],
            "passed": True,
            "to_date": [None, "2022-01-31"],
            "publish_at": "2022-03-31T09:00:00Z",
            "not_met": ["usia", "surat"],
            "nobody_knows": {"a": 1},
        },
    )
    zone = trail.EPOCH.tzinfo

    with translation.override("en"):
        told = [str(change) for change in trail.Wording(zone).changes(entry)]

    assert told == [
        "Kind: City → Regency",
        "Passed: yes",
        "Until: (empty) → 31 January 2022",
        "Published at: 31 March 2022 at 09.00 UTC",
        "Not met: usia, surat",
        "Nobody knows: a: 1",
    ]


def test_unknown_rows_and_actions_are_shown_as_they_stand(note, ask):
    entry = note("thing.done")
    AuditEntry.objects.create(
        at=AT,
        action="ghost.seen",
        target_type="ghosts.ghost",
        target_id="1",
        target_label="Hantu",
        scope=entry.scope,
        changes={"a": "0000-99-99", "b": "2022-99-99"},
    )

    response = ask()

    assert {row.action for row in response.context["rows"]} == {
        "thing.done",
        "ghost.seen",
    }


# Who sees what ------------------------------------------------------------------------


def test_log_holds_what_was_done_in_this_government_alone(note, ask):
    other = GovernmentFactory()
    note(minutes=1)
    note(minutes=2, target=other, scope=other.code)
    note(minutes=3, scope="")

    assert len(shown(ask())) == 1


def test_log_of_the_portal_holds_what_belongs_to_no_government(note, ask):
    admin = UserFactory(is_system_admin=True)
    author = AuthorFactory()
    note("user.created", target=author, scope="", actor=None)
    note("government.created", minutes=1)
    note("membership.granted", minutes=2, target=author)

    response = ask("portal_record_list", user=admin)

    assert [row.action for row in response.context["rows"]] == [
        records.sentence("government.created"),
        records.sentence("user.created"),
    ]
    assert ask("portal_record_list").status_code == 404


def test_who_also_competes_reads_nothing_of_proposals_and_scores(note, ask, government):
    competing = SecretariatFactory(government=government)
    MembershipFactory(user=competing, institution__government=government)
    for action in records.ACTIONS:
        note(action)

    response = ask(user=competing, jenis="juri")
    everything = ask(user=competing)

    assert shown(response) == shown(everything)  # there is no such choice
    told = {row.action for row in everything.context["rows"]}
    assert str(records.ACTIONS["round.opened"]) in told
    assert not told & {
        str(words)
        for action, words in records.ACTIONS.items()
        if records.GROUPS[records.group_of(action)].is_of_entries
    }
    assert "juri" not in dict(
        RecordFilterForm({}, with_entries=False)["jenis"].field.choices
    )


# Narrowing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"cari": "rapat"}, ["b"]),
        ({"cari": "istimewa"}, ["c"]),
        ({"orang": "budi"}, ["b"]),
        ({"jenis": "akun"}, ["c"]),
        ({"objek": "accounts.user"}, ["c"]),
        ({"dari": "2022-04-01"}, ["c"]),
        ({"sampai": "2022-03-31"}, ["b", "a"]),
        ({"dari": "2022-03-31", "sampai": "2022-03-31", "orang": "siti"}, ["a"]),
        ({"dari": "kemarin"}, ["c", "b", "a"]),
        ({"jenis": "tidak-ada"}, ["c", "b", "a"]),
        ({"cari": "tidakadasamasekali"}, []),
    ],
)
def test_log_is_narrowed(asked, found, note, ask, government):
    # 1 April begins at 17.00 UTC in the zone of the government.
    note(minutes=0, reason="a")
    note(minutes=8 * 60 - 1, reason="b rapat", actor=UserFactory(name="Budi"))
    note(
        "membership.granted",
        minutes=8 * 60,
        reason="c",
        target=UserFactory(name="Ani"),
        actor=None,
        changes={"name": ["Biasa", "Istimewa"]},
    )

    response = ask(**asked)

    reasons = [row.reason[0] for row in response.context["rows"]]
    assert reasons == found
    assert response.status_code == 200


def test_days_in_the_wrong_order_are_told(ask):
    response = ask(dari="2022-04-02", sampai="2022-04-01")

    assert "sampai" in response.context["form"].errors


# Pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_mistyped_year_is_told(day, ask):
    response = ask(dari=day, sampai=day)

    assert set(response.context["form"].errors) == {"dari", "sampai"}


def test_pages_hold_every_entry_once_also_of_one_moment(note, ask, monkeypatch):
    monkeypatch.setattr(trail, "PAGE_SIZE", 2)
    for number, minutes in enumerate([0, 5, 5, 5, 5, 5, 9]):
        note(minutes=minutes, reason=str(number))
    seen, url = [], reverse("accounts:record_list", args=["kota-tegal"])
    client = ask().client

    while url:
        response = client.get(url)
        seen.append([row.reason for row in response.context["rows"]])
        note(minutes=60, reason="baru")  # what comes later shifts nothing
        url = response.context["older_url"]

    assert seen == [["6", "5"], ["4", "3"], ["2", "1"], ["0"]]


@pytest.mark.parametrize(
    "text", ["", "x", "1-", "-1", "9" * 17 + "-0", "1-9999999", "١-١", "1-1 OR 1=1"]
)
def test_cursor_that_is_none_shows_the_first_page_or_nothing(text, note, ask):
    note()

    assert ask(sebelum=text).status_code == 200


def test_link_to_older_entries_keeps_the_filter(note, ask, monkeypatch):
    monkeypatch.setattr(trail, "PAGE_SIZE", 1)
    note(reason="rapat")
    note(reason="rapat", minutes=1)

    response = ask(cari="rapat", orang="")

    assert response.context["older_url"].startswith(
        "/sekretariat/pemerintah/kota-tegal/catatan/?cari=rapat&sebelum="
    )
    assert response.context["csv_url"].endswith("catatan.csv?cari=rapat")


@pytest.mark.parametrize("row_count", [1, 3])
def test_log_query_count(row_count, note, ask, django_assert_num_queries):
    for number in range(row_count):
        note(minutes=number)
    client = ask().client
    url = reverse("accounts:record_list", args=["kota-tegal"])
    # Person, roles, government, the others, entries; then
    # juror and unread messages of the frame.
    with django_assert_num_queries(7):
        response = client.get(url)

    assert len(response.context["rows"]) == row_count


def test_page_reads_the_index_and_not_the_trail(note):
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=AT + timedelta(minutes=number % 50_000),
            action="round.updated",
            actor_label="Siti",
            target_type="competitions.round",
            target_id="1",
            target_label=f"Putaran {number}",
            scope=f"33.{number % 4}",
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_auditentry")
    entries = AuditEntry.objects.filter(scope="33.1")
    with CaptureQueriesContext(connection) as asked:
        trail.page_of(entries, trail.Cursor(AT + timedelta(minutes=9_000), 0))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "core_audit_scope_at" in plan
    assert "Seq Scan" not in plan


# Files --------------------------------------------------------------------------------


def rows_of_xlsx(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return book, [list(row) for row in book.active.iter_rows(values_only=True)]


def test_files_hold_what_the_page_shows_and_run_nothing(note, ask):
    note(
        reason="=1+1", actor=UserFactory(name="@Jahat"), changes={"name": ["-a", "+b"]}
    )
    note(reason="tidak dicari", minutes=1)

    csv = b"".join(ask("record_csv", cari="1+1").streaming_content).decode()
    book, rows = rows_of_xlsx(ask("record_xlsx", cari="1+1"))

    lines = csv.removeprefix("\ufeff").splitlines()
    assert len(lines) == len(rows) == 2
    assert "'=1+1" in lines[1]
    assert "'@Jahat" in lines[1]
    assert rows[1][1] == "@Jahat"
    assert rows[1][5] == "=1+1"
    assert rows[1][6].endswith(": -a → +b")
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}


@pytest.mark.parametrize("name", ["record_csv", "record_xlsx"])
def test_file_is_noted_in_the_access_history_of_those_it_names(
    name, note, ask, secretary, government
):
    by, of, role = (UserFactory() for _ in range(3))
    left_out = UserFactory()
    note(actor=by, reason="dicari")
    note("user.changed", target=of, reason="dicari")
    note("membership.granted", target=MembershipFactory(user=role), reason="dicari")
    note(actor=left_out)

    b"".join(ask(name, cari="dicari").streaming_content)

    entry = AccessEntry.objects.exclude(kind="sign_in").get()
    assert (entry.kind, entry.actor, entry.scope) == (
        AccessEntry.Kind.EXPORT,
        secretary,
        government.code,
    )
    assert entry.subjects == sorted([by.pk, of.pk, role.pk])


def test_entries_about_others_than_their_target_speak_in_words(note):
    def told(action, changes):
        entry = note(action, changes=changes)
        return [str(each) for each in trail.Wording(trail.EPOCH.tzinfo).changes(entry)]

    with translation.override("en"):
        assert told("registration.made", {"person": "Ani", "state": "waiting"}) == [
            "Person: Ani",
            "State: On the waiting list",
        ]
        assert told("stage.extended", {"stage": "submission"}) == [
            "Stage: Submission of proposals"
        ]
        assert told("round.calendar_changed", {"screening": [None, ["2022-01-31"]]})[
            0
        ].startswith("Administrative screening: (empty) → ")
        assert told("event.updated", {"kind": ["workshop", "coaching"]}) == [
            "Kind: Workshop → Coaching clinic"
        ]
        assert told("round.rules_changed", {"form.sections.dampak.words": [1, 2]}) == [
            "Form › Sections › dampak › Words: 1 → 2"
        ]


def test_workbook_hides_nothing(note, ask):
    note()

    book, rows = rows_of_xlsx(ask("record_xlsx"))

    assert [sheet.sheet_state for sheet in book] == ["visible"]
    assert not any(size.hidden for size in book.active.column_dimensions.values())
    assert {len(row) for row in rows} == {8}
    assert book.properties.creator in {"openpyxl", "Portal KIPP"}
    assert book.defined_names == {}


@pytest.mark.parametrize("name", ["record_csv", "record_xlsx"])
def test_file_asks_the_database_as_often_for_many_entries(name, note, ask):
    counts = []
    for _more in range(2):
        for number in range(3):
            note(minutes=number)
        with CaptureQueriesContext(connection) as asked:
            b"".join(ask(name).streaming_content)
        # Signing in asks as it likes.
        counts.append(sum("auditentry" in each["sql"].lower() for each in asked))

    # The entries, and thrice whom they name: the access history tells of it.
    assert counts == [4, 4]
