"""What a city of the test world is, who is in it, and who may see what."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import Government, User

DAY = timedelta(days=1)
PUBLIC = "public"
PEOPLE = [
    "author",  # of the institution whose proposals the rows name
    "author_other",  # of an institution that competes with it
    "author_foreign",  # of an institution of another government
    "admin",  # of the author's institution
    "admin_above",  # of the institution above that
    "admin_other",
    "admin_foreign",
    "juror",  # scores every proposal that passed
    "juror_unassigned",  # of the same panel, with nothing to score
    "juror_conflicted",  # assigned, and stepped back
    "juror_unsigned",  # assigned, has not signed the statement
    "juror_foreign",
    "secretariat",
    "secretariat_foreign",
    "secretariat_competing",  # and an author of the other institution
    "leader",
    "leader_foreign",
    "leader_above",  # of the province over the city
    "former",  # was author and secretariat until yesterday
    "nobody",  # signs in and holds no role
    "system_admin",
]
EVERYBODY = [PUBLIC, *PEOPLE]
# Those who see things for the same reason, to be said in `City.mark`.
OWN = ("author", "admin", "admin_above")
OTHER = ("author_other", "admin_other", "secretariat_competing")
RUNNERS = ("secretariat", "secretariat_competing")
IMPARTIAL = "secretariat"  # of both the one who sees what competes


@dataclass(frozen=True)
class Marker:
    """A word that stands in what only `seen_by` may see."""

    word: str
    seen_by: frozenset[str]


@dataclass
class City:
    """A government with all that is in it; rows name the `things`."""

    prefix: str
    suffix: str
    government: Government
    people: dict[str, User] = field(default_factory=dict)
    markers: list[Marker] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    def mark(self, word: str, *seen_by: str) -> str:
        """Make a word that only `seen_by`, people of this city, may ever see."""
        # The last letter keeps one word from being the beginning of another.
        return self.mark_text(f"{self.prefix}{word}q", *seen_by)

    def mark_text(self, text: str, *seen_by: str) -> str:
        names = {f"{name}{self.suffix}" for name in seen_by} & set(PEOPLE)
        names |= {"system_admin"} & set(seen_by)  # who is the same in every city
        is_public = PUBLIC in seen_by
        self.markers.append(Marker(text, frozenset(EVERYBODY if is_public else names)))
        return text

    def mark_number(self, text: str, *seen_by: str) -> str:
        """Mark a number as pages write it, with a comma; each city has its own."""
        whole, cents = text.split(".")
        whole = str(int(whole) + bool(self.suffix))
        self.mark_text(f"{whole},{cents}", *seen_by)
        return f"{whole}.{cents}"
