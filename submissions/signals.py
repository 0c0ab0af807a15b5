"""What other apps are asked from here."""

from django.dispatch import Signal

# Sent with `title` and `at`: each receiver gives what the public may read at `at` under
# a title like it, as dictionaries of title, year, institution, url, share (0 to 1) and
# innovation (its id in the register), the likest first.
public_titles = Signal()
