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


def refuse_if_sealed(stage: str) -> str:
    """PL/pgSQL that raises where a sealed result covers a scoring stage.

    `stage` is the SQL of its id. One result is of all stages of a round.
    """
    return f"""
        PERFORM 1 FROM judging_result AS result
        JOIN competitions_scoringstage AS judged ON judged.round_id = result.round_id
        WHERE result.state = 'sealed' AND judged.id = ({stage});
        IF FOUND THEN
            RAISE EXCEPTION 'The result of this scoring stage is sealed.';
        END IF;
        """


def unless_sealed(*, stage_of: str) -> pgtrigger.Trigger:
    """Refuse every change of a row once the round of its stage has a sealed result.

    `stage_of` is the SQL that finds the stage's id, from `row_` as the row is stored.
    """
    return guard(
        name="unless_sealed",
        variables=[("row_", "record")],
        check=f"row_ := COALESCE(OLD, NEW);{refuse_if_sealed(stage_of)}",
    )
