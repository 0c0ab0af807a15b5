"""The fingerprint of what was submitted: the same content, the same 64 characters.

Source: rule SUB-03 in docs/rules.md.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from submissions.dossier import Dossier


def content_of(dossier: Dossier) -> dict[str, Any]:
    """Everything the author wrote or attached, as plain values.

    Files count by their own SHA-256, so that their bytes are covered too.
    """
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
        "sections": [
            {
                "code": part.section.code,
                "text": part.text,
                "files": sorted([file.name, file.sha256] for file in part.files),
                "links": sorted([link.url, link.label] for link in part.links),
            }
            for part in dossier.sections
        ],
        "letters": [
            [part.kind.code, part.letter.name, part.letter.sha256]
            for part in dossier.letters
            if part.letter
        ],
        "consents": [
            [part.consent.code, part.ticked]
            for part in dossier.consents
            if part.is_ticked
        ],
    }


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of `content` written as JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return sha256(text.encode()).hexdigest()


def in_groups(digest: str) -> str:
    """Write a fingerprint in groups of eight, to be read and compared by people."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
