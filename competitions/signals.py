"""What other apps may act upon, and what they are asked."""

from django.dispatch import Signal

# Sent with `stage`: each receiver gives the ids of the users whom a change of its
# dates concerns, of those that only its own app knows.
stage_concerns = Signal()
