"""What other apps are asked from here."""

from django.dispatch import Signal

# Sent with `title` and `at`: each receiver gives what the public may read at `at` under
# a title like it, as dictionaries of title, year, institution, url, share (0 to 1) and
# innovation (its id in the register), the likest first.
public_titles = Signal()

# Sent with `proposal` and `at`: each receiver gives the appointments that its
# institution was told of, as dictionaries of label, when (in words) and url.
appointments = Signal()
