"""What other apps are asked from here."""

from django.dispatch import Signal

# Sent with `title` and `at`: each receiver gives what the public may read at `at` under
# a title like it, as dictionaries of title, year, institution, url, share (0 to 1) and
# innovation (its id in the register), the likest first.
public_titles = Signal()

# Sent with `proposal` and `at`: each receiver gives the appointments that its
# institution was told of, as dictionaries of label, when (in words) and url.
appointments = Signal()

# Sent with `proposal`, `user` and `at`: each receiver gives what `user` may read about
# how it fared, as dictionaries of label and url.
outcomes = Signal()

# Sent with `proposal`, `actor` and `at`, inside the transaction in which a proposal is
# withdrawn or disqualified.
proposal_left = Signal()
# Sent with `proposal` and `at` before that: each receiver gives, as pairs of a label
# and a sentence, what would change besides.
leaving_concerns = Signal()

# Sent with `stage`, `audience` (a ReminderAudience) and `at`: each receiver gives a
# `submissions.recipients.Reached` for each person of that audience whom only its own
# app knows.
reminder_audience = Signal()
