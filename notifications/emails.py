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

from notifications import kinds, unsubscribing, wording
from notifications.models import Delivery, Message, MessageTemplate

# Stand in stored texts for what only the mail itself may tell.
LINK_MARK = wording.LINK_MARK
UNSUBSCRIBE_MARK = wording.UNSUBSCRIBE_MARK


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


def write_notice(
    template: str,
    context: Mapping[str, Any],
    *,
    own: MessageTemplate | None = None,
) -> Notice:
    """Write the notice `template` ("<app>/emails/<notice>") in its reader's language.

    That is what the recipient has chosen, else the portal's own. Its files are
    `.subject.txt`, `.body.txt` and `.body.html`. Text files are written as they stand,
    only HTML is escaped. `own` are the words that a government has chosen instead of
    subject and paragraphs, see `wording`.
    """
    language = getattr(context.get("recipient"), "language", "")
    with translation.override(language or settings.LANGUAGE_CODE):
        if words := wording.words_of(own, context):
            return write_words(words, template, context)
        subject = _render_text(f"{template}.subject.txt", context)
        values = {**context, "subject": " ".join(subject.split())}
        return Notice(
            subject=values["subject"][:200],
            body_text=_render_text(f"{template}.body.txt", values).strip() + "\n",
            body_html=get_template(f"{template}.body.html").render(values),
        )


def write_words(
    words: wording.Words, template: str, context: Mapping[str, Any]
) -> Notice:
    """Put words of a government between the greeting, button and foot of `template`."""
    values = {**context, "subject": words.subject, "words": words.body}
    text = {**values, "built_in": f"{template}.body.txt"}
    html = {**values, "built_in": f"{template}.body.html"}
    return Notice(
        subject=words.subject,
        body_text=_render_text("notifications/emails/worded.txt", text).strip() + "\n",
        body_html=get_template("notifications/emails/worded.html").render(html),
    )


def build_email(delivery: Delivery) -> EmailMultiAlternatives:
    """Build the mail of `delivery`, with the same Message-ID at every attempt.

    A mail that was handed over just before its worker died goes out again; by the
    Message-ID mail servers and readers know the repeat.
    """
    message: Message = delivery.message
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=complete(message.body_text, delivery),
        # Where reports about the mail go; the reader sees the sender in `From`.
        from_email=settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        to=[delivery.address],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **_unsubscribing(message),
        },
    )
    mail.attach_alternative(complete(message.body_html, delivery), "text/html")
    return mail


def as_shown(text: str) -> str:
    """Give a stored text as people other than the recipient may read it."""
    return text.replace(LINK_MARK, "…").replace(UNSUBSCRIBE_MARK, "…")


def complete(text: str, delivery: Delivery) -> str:
    """Put into a stored text what only the mail itself may tell."""
    return text.replace(LINK_MARK, delivery.secret).replace(
        UNSUBSCRIBE_MARK, _unsubscribe_url(delivery.message)
    )


def message_id(delivery: Delivery) -> str:
    """The name of the mail among all mails of the world."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{delivery.message.code}.{delivery.pk}@{host}>"


def _unsubscribing(message: Message) -> dict[str, str]:
    """The headers of RFC 8058, by which a mail program unsubscribes in one press."""
    url = _unsubscribe_url(message)
    if not url:
        return {}
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _unsubscribe_url(message: Message) -> str:
    kind = kinds.find(message.kind)
    if message.recipient_id is None or kind is None:
        return ""
    return unsubscribing.url_of(message.recipient_id, kind)


def _render_text(name: str, context: Mapping[str, Any]) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]  # Django's own
    text: str = template.render(Context(dict(context), autoescape=False))
    return text
