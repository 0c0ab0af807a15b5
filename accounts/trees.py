"""The tree of a government's institutions, by code; pure functions.

Who has a successor stands below it, marked: whoever works for the successor reaches
what its predecessors wrote by the beginning of the path alone.
"""

from collections.abc import Mapping

from accounts.models import Institution
from accounts.models.bodies import PREDECESSOR_MARK

MAX_PATH = Institution._meta.get_field("path").max_length or 0

# From a code to another one, or to "".
Links = Mapping[str, str]


def path_of(code: str, parents: Links, successors: Links) -> str:
    """Write the path of `code`; there must be no circle above it."""
    trail = []
    while code:
        succeeded = bool(successors.get(code))
        trail.append(f"{PREDECESSOR_MARK if succeeded else ''}{code}/")
        code = successors.get(code) or parents.get(code, "")
    return "".join(reversed(trail))


def in_cycle(parents: Links, successors: Links) -> set[str]:
    """Find the codes from which the way up never ends; a successor stands above."""
    endless: set[str] = set()
    ending: set[str] = {""}
    for start in parents:
        trail: dict[str, None] = {}
        code = start
        while code not in ending and code not in endless and code not in trail:
            trail[code] = None
            code = successors.get(code) or parents.get(code, "")
        (ending if code in ending else endless).update(trail)
    return endless
