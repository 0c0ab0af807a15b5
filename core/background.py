"""Handing work to the worker."""

from functools import partial
from typing import Any

from celery import Task
from django.db import transaction


def enqueue(task: Task, *args: Any) -> None:
    """Start `task` once the transaction has committed.

    What is to be done stands in a row; the message only makes it prompt. A broker
    that is away is logged and must not fail the request: a sweep finds the row.
    """
    transaction.on_commit(partial(task.delay, *args), robust=True)
