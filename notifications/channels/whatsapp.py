"""WhatsApp by a gateway that speaks HTTP.

The gateway is asked with one POST of JSON: `to` (digits with the country first),
`text` and `reference`, under `Authorization: Bearer …` and `Idempotency-Key`. The key
is the same at every attempt of a delivery, so that the gateway can drop a repeat.
"""

import json
import logging
from datetime import timedelta
from typing import Any, Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from requests.auth import AuthBase

from notifications import emails
from notifications.channels.outcomes import Accepted, Outcome, Refused, TryLater
from notifications.models import Delivery

logger = logging.getLogger(__name__)

TIMEOUT = (5, 15)  # seconds to connect, and between two words of the answer
ANSWER_SIZE = 16 * 1024
LONGEST_WAIT = timedelta(hours=1)
# Nothing but the message itself is at fault; everything else may mend.
REFUSALS = {400, 404, 410, 413, 415, 422}


class Gateway(Protocol):
    """Something that takes messages for WhatsApp."""

    def send(self, *, number: str, text: str, key: str) -> Outcome:
        """Hand over `text` for `number`; a repeat of `key` is the same message."""
        ...


def gateway() -> Gateway | None:
    """Give the gateway of this installation; None if it has none."""
    if not settings.WHATSAPP_GATEWAY_URL:
        return None
    made: Gateway = import_string(settings.WHATSAPP_GATEWAY)()
    return made


def send(delivery: Delivery) -> Outcome:
    """Hand the text of `delivery` to the gateway."""
    found = gateway()
    if found is None:
        return TryLater(_("No WhatsApp gateway is set up."))
    message = delivery.message
    return found.send(
        number=delivery.address,
        text=text_of(delivery),
        key=f"{message.code}.{delivery.pk}",
    )


def text_of(delivery: Delivery) -> str:
    """What is written: one sentence, where to go on, and who speaks.

    A text that is made for the number alone, such as a code, is all that is written.
    """
    message = delivery.message
    lines = (
        [emails.complete(message.body_text, delivery)]
        if delivery.secret
        else [message.subject, f"{settings.BASE_URL.rstrip('/')}{message.path}"]
    )
    return "\n\n".join([f"*{settings.PORTAL_NAME}*", *lines])


class HttpGateway:
    """A gateway at the address and with the token of the settings."""

    @sensitive_variables()
    def send(self, *, number: str, text: str, key: str) -> Outcome:
        try:
            with requests.post(
                settings.WHATSAPP_GATEWAY_URL,
                json={"to": number, "text": text, "reference": key},
                headers={"Idempotency-Key": key, "Accept": "application/json"},
                auth=_Bearer(),
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response)
        except requests.Timeout:
            return TryLater(_("The WhatsApp gateway did not answer in time."))
        except (requests.RequestException, OSError) as error:
            # Its words may hold the address with what is secret in it.
            logger.warning("The WhatsApp gateway failed: %s", type(error).__name__)
            return TryLater(_("The WhatsApp gateway could not be reached."))


class _Bearer(AuthBase):
    """The token, put in last: nothing keeps it, no file of passwords replaces it."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if token := settings.WHATSAPP_GATEWAY_TOKEN:
            request.headers["Authorization"] = f"Bearer {token}"
        return request


def _read(response: requests.Response) -> Outcome:
    status = response.status_code
    answer = _answer(response)
    if 200 <= status < 300:
        return Accepted(str(answer.get("id", ""))[:200])
    said = _without_token(str(answer.get("error", ""))[:200]) or str(status)
    logger.warning("The WhatsApp gateway answered %s", status)
    if status in REFUSALS:
        return Refused(
            _("The WhatsApp gateway refused the message: %(said)s") % {"said": said}
        )
    return TryLater(
        _("The WhatsApp gateway did not take the message: %(said)s") % {"said": said},
        wait=_asked_to_wait(response),
    )


def _without_token(text: str) -> str:
    """A gateway that repeats what it was sent must not show the token to people."""
    token = settings.WHATSAPP_GATEWAY_TOKEN
    return text.replace(token, "…") if token else text


def _answer(response: requests.Response) -> dict[str, Any]:
    """The JSON of the answer, if it is an object of a sensible size."""
    content = b""
    for piece in response.iter_content(4096):
        content += piece
        if len(content) > ANSWER_SIZE:
            return {}
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _asked_to_wait(response: requests.Response) -> timedelta:
    seconds = response.headers.get("Retry-After", "")
    if not seconds.isdecimal():
        return timedelta()
    return min(timedelta(seconds=int(seconds[:6])), LONGEST_WAIT)
