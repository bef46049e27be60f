"""A bound on a whole conversation with another server.

A socket's time-out bounds one read; a server that sends a byte every few seconds would hold us for ever. So
the connection is cut when the time for the whole is over, whatever it is doing.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def cut_after(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Within the block, `connection()` is shut down once `seconds` have passed; what waits on it then fails."""

    def cut() -> None:
        held = connection()
        if held is not None:
            with contextlib.suppress(OSError):
                # The plain socket's own: a TLS socket's would wait for the other side's farewell.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def encrypted(line: socket.socket, *, host: str, authorities: str) -> ssl.SSLSocket:
    """The line under TLS, the handshake still to do: so that whoever holds it can be cut during that too."""
    trust = ssl.create_default_context(cafile=authorities or None)
    return trust.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
