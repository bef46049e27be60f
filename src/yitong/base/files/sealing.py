"""A file sealed in chunks: written and read in constant memory, sought at will.

    8 bytes magic ‖ 16 bytes file id ‖ then for each chunk 4 bytes length ‖ sealed value

Each chunk of 256 KiB is sealed by `keys` with a context of file id, place and whether it is the last, so that chunks
can be neither reordered, exchanged between files, repeated nor cut off. (Base64 within the sealed value costs a
third of the size, since `keys` seals text.)
"""

import io
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable
from secrets import token_bytes
from typing import BinaryIO

from yitong.base.keys import api as keys
from yitong.base.keys.api import Scope

MAGIC = b"YTSEAL1\n"
CHUNK = 256 * 1024
_LENGTH = struct.Struct(">I")
_LONGEST = 2 * CHUNK


class SealDamaged(Exception):
    """The file is no sealed file of ours, or was cut or changed."""


def _context(file_id: bytes, index: int, *, is_last: bool) -> bytes:
    return b"files.chunk|" + file_id + struct.pack(">Q?", index, is_last)


class SealedWriter:
    """Seals what is written and hands the sealed bytes to `put`. `close` writes the last chunk."""

    def __init__(self, scope: Scope, put: Callable[[bytes], None]) -> None:
        self._sealer = keys.sealer(scope)
        self._put = put
        self._id = token_bytes(16)
        self._held = bytearray()
        self._index = 0
        put(MAGIC + self._id)

    def write(self, piece: bytes) -> None:
        self._held += piece
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        self._seal(bytes(self._held), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        sealed = self._sealer.seal(
            {"bytes": b64encode(chunk).decode()},
            context=_context(self._id, self._index, is_last=is_last),
        )
        self._put(_LENGTH.pack(len(sealed)) + sealed)
        self._index += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file as if it were not. Opening it proves that its last chunk is there."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._places = self._chunk_places()
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")
        self.size = CHUNK * (len(self._places) - 1) + len(self._chunk(len(self._places) - 1))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override]
        if self._at >= self.size:
            return 0
        index, skip = divmod(self._at, CHUNK)
        piece = self._chunk(index)[skip : skip + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _chunk_places(self) -> list[tuple[int, int]]:
        """Offset and length of every chunk; only the lengths are read."""
        start = self._stream.read(len(MAGIC) + 16)
        if len(start) < len(MAGIC) + 16 or not start.startswith(MAGIC):
            raise SealDamaged
        self._id = start[len(MAGIC) :]
        places: list[tuple[int, int]] = []
        while head := self._stream.read(_LENGTH.size):
            length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _LONGEST
            if length >= _LONGEST:
                raise SealDamaged
            places.append((self._stream.tell(), length))
            self._stream.seek(length, io.SEEK_CUR)
        if not places:
            raise SealDamaged
        return places

    def _chunk(self, index: int) -> bytes:
        if self._open[0] != index:
            offset, length = self._places[index]
            self._stream.seek(offset)
            sealed = self._stream.read(length)
            context = _context(self._id, index, is_last=index == len(self._places) - 1)
            try:
                opened = keys.unseal(sealed, context=context)
            except keys.SealBroken as broken:
                raise SealDamaged from broken
            self._open = (index, b64decode(str(opened["bytes"])))
        return self._open[1]
