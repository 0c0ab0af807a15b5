"""Writing a notice and building its e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from notifications.models import Delivery, Message

# Stands in stored texts for what only the mail itself may tell.
LINK_MARK = "SECRET-OF-THE-LINK"


@dataclass(frozen=True)
class Addressee:
    """Somebody without an account, as templates name a recipient."""

    name: str
    email: str


@dataclass(frozen=True)
class Notice:
    """A notice in words: one line of subject, text, HTML."""

    subject: str
    body_text: str
    body_html: str


def write_notice(template: str, context: Mapping[str, Any]) -> Notice:
    """Write the notice `template` ("<app>/emails/<notice>") in its reader's language.

    That is what the recipient has chosen, else the portal's own. Its files are
    `.subject.txt`, `.body.txt` and `.body.html`. Text files are written as they stand,
    only HTML is escaped.
    """
    language = getattr(context.get("recipient"), "language", "")
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = _render_text(f"{template}.subject.txt", context)
        values = {**context, "subject": " ".join(subject.split())}
        return Notice(
            subject=values["subject"][:200],
            body_text=_render_text(f"{template}.body.txt", values).strip() + "\n",
            body_html=get_template(f"{template}.body.html").render(values),
        )


def build_email(delivery: Delivery) -> EmailMultiAlternatives:
    """Build the mail of `delivery`, with the same Message-ID at every attempt.

    A mail that was handed over just before its worker died goes out again; by the
    Message-ID mail servers and readers know the repeat.
    """
    message: Message = delivery.message
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text.replace(LINK_MARK, delivery.secret),
        to=[delivery.address],
        headers={
            "Message-ID": f"<{message.code}.{delivery.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    html = message.body_html.replace(LINK_MARK, delivery.secret)
    mail.attach_alternative(html, "text/html")
    return mail


def _render_text(name: str, context: Mapping[str, Any]) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]  # Django's own
    text: str = template.render(Context(dict(context), autoescape=False))
    return text
