import asyncio
import ipaddress
import logging
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications import mailbox


class Command(BaseCommand):
    """Take the mails of the demo; nothing leaves this machine."""

    requires_system_checks: list[str] = []  # it needs neither routes nor database
    help = "Keep every mail sent by SMTP as a file in MAIL_SINK_DIR, until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT)

    def handle(self, *, host: str, port: int, **options: object) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise CommandError("mail_sink listens on loopback addresses only.")
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # no line per word
        try:
            asyncio.run(serve(host, port, Path(settings.MAIL_SINK_DIR)))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}"
            ) from error


class Keeper:
    """Handler of aiosmtpd: keeps what it is given."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_DATA(  # noqa: N802  named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        await asyncio.to_thread(mailbox.store, self.directory, content, timezone.now())
        return "250 Kept"


async def serve(host: str, port: int, directory: Path) -> None:
    """Answer SMTP until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(directory)
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, loop=loop), host, port
    )
    async with server:
        await stop.wait()
