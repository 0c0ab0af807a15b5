"""The portal's own PostgreSQL and Valkey, where no address of any is given.

Development, demo and tests run on the same engines as production, without anyone
installing them. One *keeper* process per directory starts both servers, starts them
again when they die, and ends them when nobody uses them any more. Whoever uses them
holds a shared lock on one file: the kernel lets go of it however a process ends, so
there is no list of process ids that could go stale.

Both listen on a free TCP port of the loopback address, with a generated password.
Unix sockets were turned down: their paths may be only 107 bytes long, and Django,
Celery and the cache each write such an address in another way.

Nothing here imports Django: addresses must stand before settings are read.
"""

from kipp_portal.embedded.client import Addresses, ensure, keep, provide, release
from kipp_portal.embedded.home import EmbeddedError, Home

__all__ = ["Addresses", "EmbeddedError", "Home", "ensure", "keep", "provide", "release"]
