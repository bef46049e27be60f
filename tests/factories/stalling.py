"""A proxy before a real server that a test can let go silent or fall: what a firewall, a lost route or a dead host do."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Proxy:
    """Passes bytes on to `target` (a port on loopback, or a socket's path) until it is told to do otherwise."""

    def __init__(self, target: int | Path) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        # What becomes of the server's words on their way.
        self.altered: Callable[[bytes], bytes] = bytes
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._stall_after: int | None = None
        self._ended = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Within the block everything that is sent is taken, and nothing passes."""
        self._goes_on.clear()
        try:
            yield
        finally:
            self._goes_on.set()

    def silent_after(self, sent: int) -> None:
        """Go silent once the server has sent so many bytes more."""
        self._stall_after = sent

    def drop(self) -> None:
        """Every line is cut at once, as when a host goes down."""
        for side in self._open:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._ended.set()
        self._goes_on.set()
        self.drop()
        self._listening.close()
        for thread in self._threads:
            thread.join(5)
        for side in self._open:
            side.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                ready, _, _ = select.select([self._listening], [], [], 0.1)
                if not ready:
                    continue
                near, _ = self._listening.accept()
                far = self._connected()
            except (OSError, ValueError):
                continue
            self._open += [near, far]
            thread = threading.Thread(target=self._pass_on, args=(near, far), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _connected(self) -> socket.socket:
        if isinstance(self._target, int):
            return socket.create_connection(("127.0.0.1", self._target))
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(self._target))
        return far

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                ready, _, _ = select.select([near, far], [], [], 0.1)
                for side in ready:
                    sent = side.recv(1 << 14)
                    self._goes_on.wait()
                    if not sent:
                        raise ConnectionError
                    (far if side is near else near).sendall(
                        sent if side is near else self.altered(sent)
                    )
                    if side is far:
                        self._count(len(sent))
        for side in (near, far):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def _count(self, sent: int) -> None:
        if self._stall_after is not None:
            self._stall_after -= sent
            if self._stall_after <= 0:
                self._stall_after = None
                self._goes_on.clear()


@contextmanager
def proxy_to(target: int | Path) -> Iterator[Proxy]:
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
