"""What judging asks those above it."""

from django.dispatch import Signal

# Before a sealed result is replaced: `result`. Receivers answer with sentences that
# say what must be undone first; none if nothing hangs on it.
correction_concerns = Signal()
