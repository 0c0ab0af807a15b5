"""What other apps may act upon; sent inside the transaction of the service."""

from django.dispatch import Signal

# With `decree`, `actor` and `at`, whenever a decree is recorded or corrected.
decree_recorded = Signal()
# With `award`, `actor` and `at`.
award_revoked = Signal()
