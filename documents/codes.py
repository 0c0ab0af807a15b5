"""Verification codes: 80 random bits as 16 characters that survive being typed.

Crockford's base 32 has no I, L, O and U; what people write in their place is read as
the digit it looks like.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011")


def new_code(length: int = LENGTH) -> str:
    """Draw a code; one of the usual length nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """Write a code for reading: "7K3M-9QXT-4B2C-8DEF"."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def normalise(typed: str, length: int = LENGTH) -> str:
    """Read a code as typed: any case, with spaces or dashes, O for 0, I and L for 1.

    What is no code comes back empty.
    """
    compact = "".join(typed.upper().split()).translate(_LOOKALIKES)
    compact = "".join(sign for sign in compact if sign not in "-‐‑–—_.")
    is_code = len(compact) == length and all(sign in ALPHABET for sign in compact)
    return compact if is_code else ""
