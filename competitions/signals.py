"""What other apps may act upon, and what they are asked."""

from django.dispatch import Signal

# Sent with `stage`: each receiver gives the ids of the users whom a change of its
# dates concerns, of those that only its own app knows.
stage_concerns = Signal()

# Sent with `round`: each receiver gives a `competitions.consequences.Progress` of the
# jury's work on it.
scoring_progress = Signal()

# Sent with `edit`, a `competitions.consequences.RuleEdit`: each receiver lists what
# follows for the rows of its own app (`Consequence`), and what forbids it.
rule_edit_concerns = Signal()

# Sent with `edit`: a receiver gives the `Ranks` under the old and the new rules.
rule_edit_ranks = Signal()
