"""Plays a deadline minute: `python -m bench.load PLAN ANSWERS`.

A process of its own that knows nothing of Django, with plain sockets, so that it takes
as little as possible of the processors it shares with what it measures. Every author
has one connection, and sends the next thing when the last was answered, as the page
does; a double click comes by a second one. It ends with the plan, or at the latest
half a minute after it.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

AUTOSAVE, SUBMISSION = "autosave", "submission"
TOKEN = "t" * 32  # of the form and of the cookie: the portal compares the two
PATIENCE = 30.0
BOUNDARY = "----deadline"


@dataclass(frozen=True)
class Act:
    """One thing that one author does, `at` seconds after the start.

    `mark` is what the text that is saved begins with; a double click sends twice.
    """

    at: float
    kind: str
    author: int
    session: str
    path: str
    fields: dict[str, str]
    mark: str = ""
    is_double: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of an act; times are seconds since the epoch.

    `status` is 0 where no answer came.
    """

    kind: str
    author: int
    mark: str
    due: float
    sent: float
    done: float
    status: int
    location: str
    body: str


@dataclass(frozen=True)
class Played:
    """All answers, and the share of one processor that asking took."""

    answers: Sequence[Answer]
    cpu_seconds: float

    @classmethod
    def read(cls, path: Path) -> "Played":
        found = json.loads(path.read_text())
        return cls([Answer(**each) for each in found["answers"]], found["cpu_seconds"])


class Author:
    """One connection, and the version of the text that its page knows."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.version = 1
        self.link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def play(self, acts: Sequence[Act], start: float) -> list[Answer]:
        answers: list[Answer] = []
        for act in acts:
            await asyncio.sleep(max(0.0, start + act.at - time.time()))
            if act.is_double:
                second = Author(self.host, self.port)
                answers += await asyncio.gather(
                    self._do(act, start + act.at), second._do(act, start + act.at)
                )
                second._hang_up()
            else:
                answers.append(await self._do(act, start + act.at))
        self._hang_up()
        return answers

    def _hang_up(self) -> None:
        if self.link:
            self.link[1].close()

    async def _do(self, act: Act, due: float) -> Answer:
        sent = time.time()
        try:
            async with asyncio.timeout(PATIENCE):
                status, head, body = await self._ask(act)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.link = None
            status, head, body = 0, {}, b""
        text = body.decode(errors="replace") if act.kind == AUTOSAVE else ""
        if status == 200 and act.kind == AUTOSAVE:
            self.version = json.loads(text).get("version", self.version)
        return Answer(
            kind=act.kind,
            author=act.author,
            mark=act.mark,
            due=due,
            sent=sent,
            done=time.time(),
            status=status,
            location=head.get("location", ""),
            body=text[:500],
        )

    async def _ask(self, act: Act) -> tuple[int, dict[str, str], bytes]:
        if self.link is None:
            self.link = await asyncio.open_connection(self.host, self.port)
        reader, writer = self.link
        writer.write(_request(act, f"{self.host}:{self.port}", self.version))
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        head = {
            name.lower(): value.strip()
            for name, _colon, value in (line.partition(":") for line in lines[1:])
        }
        body = await reader.readexactly(int(head.get("content-length", 0)))
        if head.get("connection", "").lower() == "close":
            writer.close()
            self.link = None
        return int(lines[0].split()[1]), head, body


def _request(act: Act, host: str, version: int) -> bytes:
    fields = {"csrfmiddlewaretoken": TOKEN, **act.fields}
    extra = ""
    if act.kind == AUTOSAVE:
        fields["version"] = str(version)
        extra = "X-Requested-With: autosave\r\nAccept: application/json\r\n"
        body, kind = _multipart(fields), f"multipart/form-data; boundary={BOUNDARY}"
    else:
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    return (
        f"POST {act.path} HTTP/1.1\r\nHost: {host}\r\n{extra}"
        f"Cookie: kipp_session={act.session}; csrftoken={TOKEN}\r\n"
        f"Content-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _multipart(fields: dict[str, str]) -> bytes:
    """As the page's script sends a form."""
    parts = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        f"{value}\r\n"
        for name, value in fields.items()
    )
    return f"{parts}--{BOUNDARY}--\r\n".encode()


async def play(plan: dict[str, Any]) -> list[Answer]:
    """Do all of `plan`: its host, port, start (seconds since the epoch) and acts."""
    of_author: dict[int, list[Act]] = {}
    for act in (Act(**each) for each in plan["acts"]):
        of_author.setdefault(act.author, []).append(act)
    authors = [
        Author(plan["host"], plan["port"]).play(acts, plan["start"])
        for acts in of_author.values()
    ]
    answers = await asyncio.gather(*authors)
    return [answer for each in answers for answer in each]


def main(plan: Path, target: Path) -> None:
    answers = asyncio.run(play(json.loads(plan.read_text())))
    used = resource.getrusage(resource.RUSAGE_SELF)
    target.write_text(
        json.dumps(
            {
                "answers": [asdict(answer) for answer in answers],
                "cpu_seconds": used.ru_utime + used.ru_stime,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
