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


def refuse_if_sealed_for_good(round: str) -> str:
    """PL/pgSQL that raises where the result of a round stands and is not corrected.

    `round` is the SQL of its id.
    """
    return f"""
        PERFORM 1 FROM judging_result AS result
        WHERE result.round_id = ({round}) AND result.state = 'sealed'
        AND NOT EXISTS (
            SELECT 1 FROM judging_result AS later WHERE later.replaces_id = result.id
        )
        AND NOT EXISTS (
            SELECT 1 FROM judging_correction AS correction
            WHERE correction.result_id = result.id AND correction.state = 'open'
        );
        IF FOUND THEN
            RAISE EXCEPTION 'The result of this round is sealed.';
        END IF;
        """  # noqa: S608  every word of it is ours


# The SQL that finds the plenary of a row that belongs to a decision.
PLENARY_OF_DECISION = (
    "SELECT plenary_id FROM judging_plenarydecision "
    "WHERE id = COALESCE(NEW.decision_id, OLD.decision_id)"
)


def while_plenary_is_open(plenary: str) -> pgtrigger.Trigger:
    """Refuse every change of a row once its plenary is applied or cancelled.

    `plenary` is the SQL of its id. It is held FOR SHARE, so that it cannot be applied
    between this look and the end of the writer. Whether the round is sealed is asked
    after that: a statement of its own sees what was committed meanwhile.
    """
    return guard(
        name="while_open",
        variables=[("found_state", "text"), ("found_round", "bigint")],
        check=f"""
        SELECT state, round_id INTO found_state, found_round FROM judging_plenary
        WHERE id = ({plenary}) FOR SHARE;
        IF found_state <> 'open' THEN
            RAISE EXCEPTION 'This plenary is closed.';
        END IF;
        {refuse_if_sealed_for_good("found_round")}
        """,  # noqa: S608  every word of it is ours
    )
