"""Locks kept by the database, for our code and for SQL by hand alike."""

from collections.abc import Sequence

import pgtrigger


def guard(
    *, name: str, check: str, variables: Sequence[tuple[str, str]] = ()
) -> pgtrigger.Trigger:
    """Run `check`, PL/pgSQL that raises to refuse, before every change of a row.

    `variables` are the names and SQL types it uses.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=list(variables),
        func=f"{check} RETURN COALESCE(NEW, OLD);",
    )


def unless_sealed(*, stage_of: str) -> pgtrigger.Trigger:
    """Refuse every change of a row once its scoring stage has a sealed result.

    `stage_of` is the SQL that finds the stage's id, from `row_` as the row is stored.
    """
    return guard(
        name="unless_sealed",
        variables=[("row_", "record")],
        check=f"""
        row_ := COALESCE(OLD, NEW);
        PERFORM 1 FROM judging_result
        WHERE state = 'sealed' AND scoring_stage_id = ({stage_of});
        IF FOUND THEN
            RAISE EXCEPTION 'The result of this scoring stage is sealed.';
        END IF;
        """,
    )
