"""What is sealed stays: every table, row and column of judging, one by one.

Tables and columns are read from the models: whoever adds one finds it here, and says
what the seal means for it.
"""

from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from pghistory.models import Event

from core import append_only
from judging.models import ConflictSuggestion, Juror, Result, ScoreSheet
from tests.factories.judging import (
    ConflictFactory,
    ScoreFactory,
    scoring_round,
    seal,
    write_sheet,
)
from tests.factories.plenary import agree, apply, open_plenary, panel_of

pytestmark = pytest.mark.django_db

# States by which PostgreSQL says no: a trigger, a row that points here, a needed value.
RAISED, REFERENCED, NEEDED = "P0001", "23503", "23502"

# Columns that may change after the seal, and why. A table stands here whole with "*".
OPEN = {
    "judging_juror": (
        """background affiliation capacity is_chair invited_at accepted_at
        declined_at decline_reason ended_at end_reason reminded_at""",
        "people of the panel come and go; the seal has its own copy of who judged",
    ),
    "judging_juror_categories": ("*", "competence serves the assignment alone"),
    "judging_juror_scoring_stages": ("*", "seats serve the assignment alone"),
    **dict.fromkeys(
        [
            "judging_presentationplan",
            "judging_presentationday",
            "judging_presentationbreak",
            "judging_presentationslot",
        ],
        ("*", "the order of a day; nothing of a score"),
    ),
}
# Tables that a world of one stage has no row of, and where they are tried.
ELSEWHERE = {
    "judging_correction": "test_correcting",
    "judging_tieplace": "test_plenary_models",
    "judging_fieldvisit": "test_stage_models",
    "judging_visitclaim": "test_stage_models",
    "judging_visitfinding": "test_stage_models",
    "judging_visitphoto": "test_stage_models",
}
# Another value for each type of column; where it is stored already, the second.
OTHER = {
    "bool": ("true", "false"),
    "int2": ("7", "8"),
    "int4": ("7", "8"),
    "int8": ("7", "8"),
    "numeric": ("7", "8"),
    "text": ("'x'", "'y'"),
    "varchar": ("'x'", "'y'"),
    "uuid": ("gen_random_uuid()", "gen_random_uuid()"),
    "date": ("current_date", "current_date - 9"),
    "timestamptz": ("now()", "now() - interval '9 days'"),
    "jsonb": ("""'{"x": 1}'""", """'{"x": 2}'"""),
    "inet": ("'10.0.0.7'", "'10.0.0.8'"),
    "_numeric": ("'{7}'", "'{8}'"),
    "_varchar": ("'{x}'", "'{y}'"),
    "_int4": ("'{7}'", "'{8}'"),
}

MODELS = {
    model._meta.db_table: model
    for model in apps.get_app_config("judging").get_models(include_auto_created=True)
}


def refusal(sql, *params):
    """Run SQL by hand; give the state by which the database refused it, if it did."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError as error:
        return error.__cause__.pgcode
    return None


def accepted(table):
    """By what a table may refuse; somebody of the panel is held by what they wrote."""
    return {RAISED, REFERENCED, NEEDED} if table in OPEN else {RAISED}


def columns_of(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, udt_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s"
            " ORDER BY ordinal_position",
            [table],
        )
        return dict(cursor.fetchall())


def changes_of(column, kind):
    """Give what a column of this kind may be set to that it is not."""
    value, second = OTHER[kind]
    yield f"CASE WHEN {column} = {value} THEN {second} ELSE {value} END::{kind}"
    yield f"NULL::{kind}"


def keys_of(model):
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def is_open(table, column):
    columns, _why = OPEN.get(table, ("", ""))
    return columns == "*" or column in columns.split()


def is_elsewhere(model):
    """Whether a table, or the one that it is the history of, is tried elsewhere."""
    kept = getattr(model, "pgh_tracked_model", model)._meta.db_table
    return kept in ELSEWHERE or is_open(kept, "*")


@pytest.fixture
def sealed():
    """A sealed round with a sheet of every state, a conflict, a row in each table."""
    round = scoring_round(jurors=4, proposals=2, phase="plenary")
    category = round.category_set.first()
    for juror in Juror.objects.filter(round=round):
        juror.categories.add(category)
    finals = ScoreSheet.objects.filter(assignment__proposal=round.proposal_set.first())
    first, second, draft, abstained = finals.order_by("pk")
    write_sheet(first, 80, 70)
    write_sheet(second, 81, 71)
    plenary = open_plenary(round)
    panel = panel_of(round)
    agree(plenary, first.assignment.proposal, 82, None, agreeing=panel)
    apply(plenary)
    ScoreFactory(sheet=draft)
    ScoreFactory(sheet=abstained)
    abstained.state, abstained.abstain_reason = "abstained", "Pernah membimbing."
    abstained.finalised_at = timezone.now()
    abstained.save()
    ConflictFactory(
        juror=abstained.assignment.juror, proposal=round.proposal_set.last()
    )
    ConflictSuggestion.objects.create(
        juror=draft.assignment.juror,
        proposal=round.proposal_set.last(),
        source=ConflictSuggestion.Source.AFFILIATION,
        kind="other",
        reason="Nama instansinya sama.",
        outcome=ConflictSuggestion.Outcome.DISMISSED,
        note="Hanya mirip.",
        decided_by=draft.assignment.juror.user,
        decided_at=timezone.now(),
    )
    # Each kind of change leaves its line in the histories.
    draft.assignment.juror.affiliation = "Universitas"
    draft.assignment.juror.save()
    result = seal(round)
    with connection.cursor() as cursor:
        # From here on a foreign key speaks up at once, and TRUNCATE waits for nothing.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return result


@pytest.mark.parametrize("table", sorted(MODELS))
def test_no_column_of_what_is_sealed_can_change(sealed, table):
    model, taken = MODELS[table], []
    keys, types = keys_of(model), columns_of(table)
    assert keys or is_elsewhere(model), f"make a row of {table} above, to be tried"

    for column, kind in types.items():
        if is_open(table, column):
            continue
        for key, change in product(keys, changes_of(column, kind)):
            where = f"WHERE {model._meta.pk.column} = %s AND {column} IS DISTINCT FROM"
            with connection.cursor() as cursor:
                # What is empty does not change by being emptied.
                cursor.execute(f"SELECT FROM {table} {where} {change}", [key])
                is_change = cursor.rowcount > 0
            sql = f"UPDATE {table} SET {column} = {change} {where} {change}"
            if is_change and refusal(sql, key) not in accepted(table):
                taken.append(f"{column} = {change} where {key}")

    assert taken == []


@pytest.mark.parametrize("table", sorted(MODELS))
def test_no_row_of_what_is_sealed_can_go(sealed, table):
    if is_open(table, "*"):
        return
    model = MODELS[table]
    states = {
        refusal(f"DELETE FROM {table} WHERE {model._meta.pk.column} = %s", key)
        for key in keys_of(model)
    }

    assert states <= accepted(table)
    if keys_of(model):
        assert refusal(f"TRUNCATE {table} CASCADE") == RAISED


@pytest.mark.parametrize("table", sorted(MODELS))
def test_no_call_of_the_models_gets_by(sealed, table):
    if is_open(table, "*"):
        return
    model = MODELS[table]
    rows = model._base_manager.all()
    before = list(rows.order_by("pk").values())
    closed = [
        field
        for field in model._meta.concrete_fields
        if not is_open(table, field.column) and not field.primary_key
    ]
    calls = [
        # Deleting without asking for what hangs on it, as collectors would.
        lambda: rows._raw_delete(using=rows.db),
        *(
            lambda field=field: rows.exclude(**{field.name: None}).update(
                **{field.name: None}
            )
            for field in closed
            if not isinstance(field, models.JSONField)
        ),
    ]

    for call in calls:
        try:
            with transaction.atomic():
                call()
        except DatabaseError:
            pass

    assert list(rows.order_by("pk").values()) == before


def test_one_row_at_a_time_is_refused_as_many_are(sealed):
    row = sealed.resultrow_set.first()
    row.rank = 9
    for call in (
        row.save,
        row.delete,
        lambda: type(row).objects.bulk_update([row], ["rank"]),
        lambda: type(row).objects.bulk_create(
            [row], update_conflicts=True, update_fields=["rank"], unique_fields=["id"]
        ),
        sealed.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            call()

    row.refresh_from_db()
    assert row.rank != 9


@pytest.mark.parametrize(
    "table", ["judging_result", "judging_resultrow", "judging_resultpart"]
)
def test_nothing_is_slipped_into_a_sealed_result(sealed, table):
    model = MODELS[table]
    names = [each for each in columns_of(table) if each != "id"]
    taken = ", ".join(names)
    # A copy, as a part of the same result under another number.
    state = refusal(
        f"INSERT INTO {table} ({taken}) SELECT {taken} FROM {table} WHERE id = %s",
        keys_of(model)[0],
    )

    # A second seal of a round is no change of the first; it may not be there at all.
    assert state == (RAISED if model is not Result else "23505")


def test_histories_of_judging_are_all_here():
    tracked = {
        model._meta.db_table
        for model in apps.get_app_config("judging").get_models()
        if issubclass(model, Event)
    }

    assert len(tracked) >= 6
    assert tracked <= MODELS.keys()
    assert tracked <= {each._meta.db_table for each in append_only.append_only_models()}


def test_what_is_said_to_stay_open_is_there():
    folder = Path(__file__).parent
    assert ELSEWHERE.keys() <= MODELS.keys()
    assert all((folder / f"{name}.py").exists() for name in ELSEWHERE.values())
    for table, (columns, why) in OPEN.items():
        assert why
        if columns != "*":
            assert set(columns.split()) <= columns_of(table).keys()
