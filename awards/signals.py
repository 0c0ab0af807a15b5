"""What other apps may act upon; sent inside the transaction of the service."""

from django.dispatch import Signal

# With `decree`, `actor` and `at`, whenever a decree is recorded or corrected.
decree_recorded = Signal()
# With `award`, `actor` and `at`.
award_revoked = Signal()
# Sent with `awards` of one round and `at`: each receiver gives, by the award's id, the
# `url` where everybody reads of the winner at `at`, and its `motif`.
public_pages = Signal()
# Sent with `award` before it is revoked: each receiver gives sentences on what it would
# change besides.
revocation_concerns = Signal()
