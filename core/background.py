"""Handing work to the worker."""

from typing import Any

from celery import Task
from django.db import transaction

# Mails and the clock come first (0, the highest with Redis): a mail of a moment does
# not wait behind the papers and files of a whole round.
LENGTHY = 6


def enqueue(task: Task, *args: Any) -> None:
    """Start `task` once the transaction has committed.

    What is to be done stands in a row; the message only makes it prompt. A broker
    that is away is logged and must not fail the request: a sweep finds the row.
    """

    def start() -> None:  # a function with a name: Django logs it when it fails
        task.delay(*args)

    transaction.on_commit(start, robust=True)
