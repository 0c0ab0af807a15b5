"""Handing work to the worker."""

from collections.abc import Iterable
from typing import Any

from celery import Task
from django.db import transaction

# Mails and the clock come first (0, the highest with Redis): a mail of a moment does
# not wait behind the papers and files of a whole round. What somebody waits for before
# their screen comes next.
AWAITED = 3
LENGTHY = 6
# Nor does the one paper or file that somebody looks at behind a thousand ordered.
BULKY = 9


def enqueue(task: Task, *args: Any) -> None:
    """Start `task` once the transaction has committed.

    What is to be done stands in a row; the message only makes it prompt. A broker
    that is away is logged and must not fail the request: a sweep finds the row.
    """

    def start() -> None:  # a function with a name: Django logs it when it fails
        task.delay(*args)

    transaction.on_commit(start, robust=True)


def enqueue_each(task: Task, values: Iterable[Any]) -> None:
    """Start `task` for each of `values` once the transaction has committed.

    A broker that does not answer is asked once, not once for each: the library waits
    some seconds for it every time.
    """
    held = list(values)

    def start_each() -> None:
        for value in held:
            task.delay(value)

    if held:
        transaction.on_commit(start_each, robust=True)
