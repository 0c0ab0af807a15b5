"""The fingerprint of what was submitted, in a way that anybody can do over.

Each part has its own SHA-256. The list of all parts is a text as `sha256sum` writes and
checks it, and the SHA-256 of that list is the fingerprint of the whole.

Source: rule SUB-03 in docs/rules.md.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from submissions.dossier import Dossier, SectionPart


@dataclass(frozen=True)
class PartDigest:
    """One part of a submission: its name in the list, and its SHA-256.

    `content` are the very bytes that were counted; None of a file, which is its own.
    """

    name: str
    label: str
    digest: str
    content: bytes | None = None
    file_key: str = ""


def content_of(dossier: Dossier) -> list[PartDigest]:
    """Everything the author wrote or attached, part by part."""
    return list(_with_names_of_their_own(_parts(dossier)))


def manifest(parts: Iterable[PartDigest]) -> str:
    """The list of all parts: "<digest>  <name>", a line each."""
    return "".join(f"{part.digest}  {part.name}\n" for part in parts)


def fingerprint(parts: Iterable[PartDigest]) -> str:
    """SHA-256 of the list of `parts`, as UTF-8."""
    return sha256(manifest(parts).encode()).hexdigest()


def in_groups(digest: str) -> str:
    """Write a fingerprint in groups of eight, to be read and compared by people."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def digests_in(text: str) -> dict[str, str]:
    """The digest of each part by its name, as a list of parts has them."""
    lines = (line.split("  ", 1) for line in text.splitlines())
    return {line[1]: line[0] for line in lines if len(line) == 2}


def _parts(dossier: Dossier) -> Iterator[PartDigest]:
    yield _text("data-umum.json", _("General data"), _json(_header(dossier)))
    for part in dossier.sections:
        yield from _section(part)
    for letter in dossier.letters:
        if letter.letter:
            yield PartDigest(
                f"surat/{letter.kind.code}/{letter.letter.name}",
                letter.kind.title,
                letter.letter.sha256,
                file_key=letter.letter.key,
            )
    ticked = {
        each.consent.code: each.ticked for each in dossier.consents if each.is_ticked
    }
    if ticked:
        yield _text("pernyataan.json", _("Statements"), _json(ticked))


def _section(part: SectionPart) -> Iterator[PartDigest]:
    code, title = part.section.code, part.section.title
    if part.text:
        yield _text(f"bagian/{code}.txt", title, part.text)
    if part.html:
        label = _("%(title)s, with its formats") % {"title": title}
        yield _text(f"bagian/{code}.html", label, part.html)
    for file in sorted(part.files, key=lambda file: (file.name, file.sha256)):
        yield PartDigest(
            f"berkas/{code}/{file.name}",
            f"{title}: {file.name}",
            file.sha256,
            file_key=file.key,
        )
    if part.links:
        links = sorted([link.url, link.label] for link in part.links)
        label = _("%(title)s: links") % {"title": title}
        yield _text(f"tautan/{code}.json", label, _json(links))


def _header(dossier: Dossier) -> dict[str, Any]:
    proposal = dossier.proposal
    return {
        "code": proposal.code,
        "round": proposal.round.slug,
        "institution": proposal.institution.code,
        "title": proposal.title,
        "track": proposal.track.code,
        "category": proposal.category.code if proposal.category else "",
        "cluster": proposal.cluster.code if proposal.cluster else "",
        "form": proposal.form.version,
        "header": proposal.header,
    }


def _json(content: Mapping[str, Any] | list[Any]) -> str:
    """JSON as it is counted: sorted keys, no blanks."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def _text(name: str, label: str, text: str) -> PartDigest:
    content = text.encode()
    return PartDigest(name, label, sha256(content).hexdigest(), content)


def _with_names_of_their_own(parts: Iterable[PartDigest]) -> Iterator[PartDigest]:
    """Number the second of two files of one name, so that the list can be checked."""
    seen: Counter[str] = Counter()
    for part in parts:
        seen[part.name] += 1
        number = seen[part.name]
        if number == 1:
            yield part
        else:
            yield PartDigest(
                f"{number}-{part.name}",
                part.label,
                part.digest,
                part.content,
                part.file_key,
            )
