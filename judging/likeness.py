"""How like the words of a juror are to those of an institution: pure functions.

Names of institutions have most of their words in common ("Dinas ... Kota Tegal"), so
that only those that tell one from the other are compared.
"""

import re
from functools import lru_cache

# Groups of three letters in common, of all; below it people see no likeness any more.
LIMIT = 0.5
FORMERLY = re.compile(
    r"\b(mantan|eks|ex|pensiun\w*|purna\w*|purnabakti|alumni|dulu|former|retired)\b",
    re.IGNORECASE,
)
# What kinds of institutions are called, and where they are: it tells none apart.
COMMON = frozenset(
    [
        "badan",
        "bagian",
        "balai",
        "bidang",
        "biro",
        "blud",
        "bumd",
        "camat",
        "dan",
        "daerah",
        "dengan",
        "di",
        "dinas",
        "direktur",
        "instansi",
        "kabupaten",
        "kantor",
        "kecamatan",
        "kelurahan",
        "kepala",
        "kota",
        "lembaga",
        "lurah",
        "milik",
        "negeri",
        "opd",
        "pejabat",
        "pelaksana",
        "pelayanan",
        "pemerintah",
        "pemkab",
        "pemkot",
        "pemprov",
        "pensiunan",
        "mantan",
        "perangkat",
        "perusahaan",
        "praktisi",
        "provinsi",
        "puskesmas",
        "rsud",
        "satuan",
        "sekolah",
        "sekretariat",
        "seksi",
        "smp",
        "smpn",
        "staf",
        "sub",
        "tahun",
        "teknis",
        "tim",
        "umum",
        "unit",
        "uptd",
        "untuk",
        "yang",
    ]
)
# Mail of these says nothing about where somebody works.
PUBLIC_MAIL = frozenset(
    [
        "aol.com",
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "me.com",
        "outlook.co.id",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "rocketmail.com",
        "yahoo.co.id",
        "yahoo.com",
        "yandex.com",
        "ymail.com",
        "zoho.com",
    ]
)


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters."""
    return tuple(re.findall(r"[^\W_]+", text.lower()))


@lru_cache(maxsize=4096)
def telling_words(text: str, common: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words of a name that tell it from others, `common` ones left out."""
    return frozenset(
        word
        for word in words_of(text)
        if len(word) > 2 and word not in COMMON and word not in common
    )


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The first letters of a name, as people shorten it; none of a short name."""
    letters = "".join(word[0] for word in words_of(name) if word not in ("dan", "di"))
    return letters if len(letters) > 2 else ""


@lru_cache(maxsize=4096)
def trigrams_of(word: str) -> frozenset[str]:
    """Groups of three letters, as PostgreSQL makes them of a word."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def word_likeness(one: str, other: str) -> float:
    """Groups of letters in common, as a share of all: 0 to 1."""
    first, second = trigrams_of(one), trigrams_of(other)
    return len(first & second) / len(first | second)


def is_like(
    affiliation: str, *, name: str, short_name: str, common: frozenset[str]
) -> bool:
    """Whether somebody with `affiliation` may belong to an institution.

    Every telling word of its name is in it, give or take a slip; or its short name or
    its initials are, as words. `common` are words that tell nothing here, such as
    those of the government's name.
    """
    spoken = words_of(affiliation)
    if not spoken:
        return False
    asked = telling_words(name, common)
    if asked and all(any(_meets(word, said) for said in spoken) for word in asked):
        return True
    if _tells(short_name, common) and _stands_in(words_of(short_name), spoken):
        return True
    initials = initials_of(name)
    return bool(initials) and initials in spoken and initials not in common


def _meets(word: str, said: str) -> bool:
    if word == said:
        return True
    is_long = len(word) > 4 and len(said) > 4 and abs(len(word) - len(said)) < 4
    return is_long and word_likeness(word, said) >= LIMIT


def _tells(name: str, common: frozenset[str]) -> bool:
    """Whether a short name is that of one institution alone, as SMPN 1 is."""
    return bool(telling_words(name, common)) or any(map(str.isdigit, name))


def _stands_in(words: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    """Whether `words` are spoken one after the other."""
    return any(
        spoken[at : at + len(words)] == words
        for at in range(len(spoken) - len(words) + 1)
    )


def is_former(affiliation: str) -> bool:
    """Whether the words say that it was so once."""
    return FORMERLY.search(affiliation) is not None


def domain_of(email: str) -> str:
    """What stands behind the sign, unless anybody may have an address there."""
    name, _sign, domain = email.lower().rpartition("@")
    return "" if not name or domain in PUBLIC_MAIL else domain
