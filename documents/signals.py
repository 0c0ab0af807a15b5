"""What other apps may act upon."""

from django.dispatch import Signal

# Sent with `document` once its file is stored, inside that transaction.
document_rendered = Signal()
