"""Mails with a secret in them: codes and links for signing in.

They are written down nowhere, since whoever reads the outbox could sign in, and they
leave beside the request, so that its length tells nothing. One that is lost costs a
press of a button.
"""

import logging
import smtplib
from threading import Thread

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send_later(message: EmailMessage | None) -> None:
    """Send `message` in a thread of its own; None goes the same way, to nobody."""
    Thread(target=send, args=[message], name="account-mail").start()


def send(message: EmailMessage | None) -> None:
    """Send `message`; a mail server that is away is only logged."""
    if message is None:
        return
    try:
        message.send()
    except (smtplib.SMTPException, OSError):
        logger.exception("A mail about signing in was not sent: %s", message.subject)
