"""Stdin: one line of JSON, the issued file if there is one, the file; stdout: JSON."""

import json
import os
import resource
import sys
from datetime import datetime
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 8


def main() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It reads and answers: whatever a file makes it do, it writes none.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    order = json.loads(sys.stdin.buffer.readline())
    issued = sys.stdin.buffer.read(order["issued"])
    content = sys.stdin.buffer.read()
    found = examine(
        content, issued, order["roots"], datetime.fromisoformat(order["at"])
    )
    sys.stdout.write(json.dumps(found))


def examine(
    content: bytes, issued: bytes, roots: list[str], at: datetime
) -> dict[str, Any]:
    """Say all that is known of a file; `sameness` only where it is compared."""
    from documents.examining import marks, sameness, signatures

    found: dict[str, Any] = marks.look(content)
    if found["state"] == "read":
        found["signatures"] = signatures.read(content, roots, at)
        if issued:
            found["sameness"] = sameness.compare(issued, content)
    return found


if __name__ == "__main__":
    main()
