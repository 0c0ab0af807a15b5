"""E-mail by SMTP."""

import logging
import smtplib

from django.utils.translation import gettext as _

from notifications import emails
from notifications.channels.outcomes import Accepted, Outcome, Refused, TryLater
from notifications.models import Delivery

logger = logging.getLogger(__name__)


def send(delivery: Delivery) -> Outcome:
    """Hand the mail of `delivery` to the mail server.

    What can never be a mail, such as one to two addresses in one, is refused here: it
    must fail where the secretariat sees it, not stop the worker at every sweep.
    """
    try:
        emails.build_email(delivery).send()
    except ValueError as error:  # the library's for headers and addresses
        logger.exception("Delivery %s is no mail", delivery.pk)
        return Refused(_("No mail can be made of it: %(reason)s") % {"reason": error})
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("Delivery %s was not sent: %s", delivery.pk, error)
        if _is_final(error):
            return Refused(_explain(error), blames_address=True)
        return TryLater(_explain(error))
    return Accepted()


def _is_final(error: Exception) -> bool:
    """Tell whether the mail server refused the address for good (codes 5xx)."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _reply in error.recipients.values()
    )


def _explain(error: Exception) -> str:
    """Say in words what went wrong, with what the other side answered."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [_decode(reply) for _code, reply in error.recipients.values()]
        return _("The address was refused: %(reply)s") % {"reply": "; ".join(replies)}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server refused the mail: %(code)s %(reply)s") % {
            "code": error.smtp_code,
            "reply": _decode(error.smtp_error),
        }
    return _("The mail server could not be reached: %(reason)s") % {"reason": error}


def _decode(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
