"""Names for the groups of people that rows speak of."""

from tests.project.city import PEOPLE

SIGNED_IN = " ".join(PEOPLE)
OWN = "author admin admin_above"
OTHER = "author_other admin_other secretariat_competing"
# Both work in the secretariat; the second also for an institution that competes.
RUNNERS = "secretariat secretariat_competing"
COMPETING = "secretariat_competing"
IMPARTIAL = "secretariat"
ANY_SECRETARIAT = f"{RUNNERS} secretariat_foreign"
ENDORSERS = "admin admin_above"
READERS = f"author {IMPARTIAL}"  # who see it, but do not endorse
PANEL = "juror juror_unassigned juror_conflicted juror_unsigned"
NOBODY = ""
# Rounds whose scoring is over, in the order of time, and what came first and last.
SCORED = ["scored", "sealed", "decreed", "finished"]
WINNERS = [f"{name}_first" for name in SCORED]
LOSERS = [f"{name}_last" for name in SCORED]
AUTOSAVE = {"X-Requested-With": "autosave"}
HTMX = {"HX-Request": "true"}
