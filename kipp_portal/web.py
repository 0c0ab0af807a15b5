"""How gunicorn serves the portal: its threads, with two habits of our own.

Deadlines are decided by when a request arrived, not by when a thread had time for it.
And browsers open connections in advance, to ask nothing yet: those keep no thread.
"""

import errno
import gc
import time
from datetime import timedelta
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from core.requests import waited

# How long a new connection may lie unused. A used one lasts as long as --keep-alive
# says: longer than those of the proxy in front, which else asks where nobody listens.
UNUSED_SECONDS = 15
# There was nobody there any more, or another worker was quicker.
NOBODY = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}


class PortalWorker(ThreadWorker):
    """Hands a connection to a thread once it asks something, and notes when."""

    def init_process(self) -> None:
        """Leave what was loaded before the start out of every collection to come.

        Looking through all of the code again and again takes longer than a page.
        """
        gc.collect()
        gc.freeze()
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Watch a new connection, as if it had asked something before."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in NOBODY:
                return
            raise
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + UNUSED_SECONDS
        self.pending_conns.append(conn)
        asked = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, EVENT_READ, asked)

    def enqueue_req(self, conn: Any) -> None:
        """Note when the request came; from here on it may have to wait."""
        conn.arrived = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Tell our middleware how long the request has waited."""
        token = waited.set(timedelta(seconds=time.monotonic() - conn.arrived))
        try:
            return super().handle(conn)
        finally:
            waited.reset(token)
