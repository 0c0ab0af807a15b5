"""The code that proves a number: made, kept as a digest, compared."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.models import ChatCode, ChatConsent

DIGITS = 6
_SALT = "notifications.proof"


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def digest_of(code: str, consent: ChatConsent) -> str:
    """What is kept of a code: of no use for another person or number."""
    value = f"{consent.pk}:{consent.number}:{code}"
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()


def fits(code: str, kept: ChatCode, consent: ChatConsent) -> bool:
    return constant_time_compare(digest_of(code, consent), kept.digest)
