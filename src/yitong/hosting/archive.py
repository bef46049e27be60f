"""The file in which a node is kept: a plain tar with a signed manifest at its end.

    database.dump            what pg_dump wrote
    files/ab/cd/<sha256>     the files store, every file under the digest of its bytes
    checkpoint.txt           the ledger's last checkpoint
    manifest.json            versions, sizes and digests of the parts
    manifest.sig             the node's signature on the manifest

Any `tar` lists it. Only one form of each byte is accepted, padding and headers too, so that whatever was changed is
found and named. Written under a temporary name and renamed when whole; read and written in constant memory.
"""

import fcntl
import hashlib
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from yitong.hosting.errors import (
    ArchiveExists,
    ArchiveIncomplete,
    ArchiveTampered,
    ArchiveUnreadable,
)
from yitong.hosting.manifest import Manifest, Part, checkpoint_size, read_manifest

__all__ = [
    "CHECKPOINT",
    "DATABASE",
    "FILES",
    "Archive",
    "ArchiveWriter",
    "Member",
    "checkpoint_size",
    "open_archive",
    "put_file",
    "stored_name",
]

DATABASE: Final = "database.dump"
FILES: Final = "files"
CHECKPOINT: Final = "checkpoint.txt"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CHUNK: Final = 1 << 20
_BLOCK: Final = tarfile.BLOCKSIZE
_END: Final = bytes(2 * _BLOCK)
_SMALL: Final = {CHECKPOINT: 1 << 16, MANIFEST: 1 << 26, SIGNATURE: 1 << 12}
_STORED: Final = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")

Progress = Callable[[int, int | None], None]


def stored_name(sha256: str) -> str:
    return f"{FILES}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


class ArchiveWriter:
    """Writes an archive part by part. Whatever ends it before `finish` leaves nothing under the archive's name.

    What a SIGKILL leaves is hidden, unlocked, and removed by the next backup into the same folder.
    """

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise ArchiveExists(path=target)
        self._target = target
        _sweep(target.parent)
        self._half = target.with_name(f".{target.name}.{os.getpid()}.half")
        handle = os.open(self._half, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        self._file = os.fdopen(handle, "wb", buffering=CHUNK)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._files = _Rolling()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A full disk refuses the last bytes once more at closing; the half file goes away all the same.
        with suppress(OSError):
            self._file.close()
        self._half.unlink(missing_ok=True)

    def part(self, name: str, chunks: Iterable[bytes]) -> Part:
        """A part whose size is known only at its end: its header is written last."""
        start = self._file.tell()
        self._file.write(_header(name, 0))
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            self._file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self._file.write(_padding(size))
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(_header(name, size))
        self._file.seek(end)
        return Part(size, digest.hexdigest())

    def stored(self, path: Path) -> int:
        """A file of the store. One whose bytes do not give its name is refused: a backup of damage is none."""
        with path.open("rb") as content:
            part = self.part(stored_name(path.name), _chunks(content))
        if part.sha256 != path.name:
            raise ArchiveTampered(part=stored_name(path.name), path=path.parent)
        self._files.add(path.name, part.size)
        return part.size

    @property
    def files(self) -> Part:
        return self._files.part

    def finish(self, manifest: bytes, signature: bytes) -> None:
        """Seal the archive and give it its name, never over another file."""
        self.part(MANIFEST, [manifest])
        self.part(SIGNATURE, [signature])
        self._file.write(_END)
        self._file.flush()
        os.fsync(self._file.fileno())
        try:
            os.link(self._half, self._target)
        except FileExistsError:
            raise ArchiveExists(path=self._target) from None
        except OSError:  # a file system without links
            if self._target.exists():
                raise ArchiveExists(path=self._target) from None
            self._half.rename(self._target)
        settle(self._target.parent)


@dataclass(frozen=True, slots=True)
class Member:
    """One part of an archive as it lies in the file."""

    name: str
    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was read to its end: every part gives its digest, the signature that of the manifest."""

    path: Path
    manifest: Manifest
    digest: str  # of the manifest: names this backup
    checkpoint: str

    def database(self) -> Iterator[bytes]:
        """The dump. Its last piece comes only when all before it still have the digest that was verified."""
        part = self.manifest.parts[DATABASE]
        with _opened(self.path) as file:
            member = next(found for found in _members(file, self.path) if found.name == DATABASE)
            digest, held = hashlib.sha256(), b""
            for chunk in _content(file, member):
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
            if digest.hexdigest() != part.sha256:
                raise ArchiveTampered(part=DATABASE, path=self.path)
            yield held

    def stored(self) -> Iterator[tuple[Member, Iterator[bytes]]]:
        """Every file of the store with its content; the content is read before the next is asked for."""
        with _opened(self.path) as file:
            for member in _members(file, self.path):
                if member.name.startswith(f"{FILES}/"):
                    yield member, _content(file, member)


def open_archive(path: Path, *, progress: Progress | None = None) -> Archive:
    """Read the whole file once and touch nothing else; name the first part that is not what was signed."""
    small: dict[str, bytes] = {}
    parts: dict[str, Part] = {}
    files = _Rolling()
    with _opened(path) as file:
        total = os.fstat(file.fileno()).st_size
        for member in _members(file, path):
            digest, kept = hashlib.sha256(), bytearray()
            for chunk in _content(file, member):
                digest.update(chunk)
                if member.name in _SMALL:
                    kept += chunk
                if progress:
                    progress(file.tell(), total)
            found = Part(member.size, digest.hexdigest())
            if member.name in parts or (member.name in small):
                raise ArchiveTampered(part=member.name, path=path)
            if stored := _STORED.fullmatch(member.name):
                files.add(stored[3], member.size)
                if found.sha256 != stored[3]:
                    raise ArchiveTampered(part=member.name, path=path)
            else:
                parts[member.name] = found
                small[member.name] = bytes(kept)
    return _judged(path, parts | {FILES: files.part}, small)


def _judged(path: Path, parts: dict[str, Part], small: dict[str, bytes]) -> Archive:
    if wanting := {DATABASE, CHECKPOINT, MANIFEST, SIGNATURE} - parts.keys():
        raise ArchiveIncomplete(path=path, part=min(wanting))
    manifest = read_manifest(small[MANIFEST], small[SIGNATURE], path=path)
    for name in (DATABASE, FILES, CHECKPOINT):
        if manifest.parts.get(name) != parts[name]:
            raise ArchiveTampered(part=name, path=path)
    digest = hashlib.sha256(small[MANIFEST]).hexdigest()
    return Archive(path, manifest, digest, small[CHECKPOINT].decode())


class _Rolling:
    """Count, size and digest of the list of stored files, without keeping the list."""

    def __init__(self) -> None:
        self._digest, self._size, self._count = hashlib.sha256(), 0, 0

    def add(self, sha256: str, size: int) -> None:
        self._digest.update(f"{sha256} {size}\n".encode())
        self._size += size
        self._count += 1

    @property
    def part(self) -> Part:
        return Part(self._size, self._digest.hexdigest(), self._count)


def put_file(place: Path, content: Iterable[bytes]) -> None:
    """A file of the store in its place, whole or not at all; its name says what it must hold."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place.with_name(f".{place.name}.half")
    digest = hashlib.sha256()
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in content:
            file.write(chunk)
            digest.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != place.name:
        half.unlink()
        raise ArchiveTampered(part=f"{FILES}/{place.name}", path=place)
    half.replace(place)
    settle(place.parent)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise ArchiveUnreadable(path=path, why=error.strerror) from error
    with file:
        yield file


def _members(file: BinaryIO, path: Path) -> Iterator[Member]:
    """Every part in its order; the reader may stand anywhere when the next is asked for."""
    at = 0
    while True:
        file.seek(at)
        block = file.read(_BLOCK)
        if block == bytes(_BLOCK):
            if file.read(_BLOCK + 1) != bytes(_BLOCK):
                raise ArchiveTampered(part="end", path=path)
            return
        if len(block) < _BLOCK:
            raise ArchiveIncomplete(path=path, part=MANIFEST)
        member = _member(block, at + _BLOCK, path)
        yield member
        at = member.at + member.size
        file.seek(at)
        padding = _padding(member.size)
        if file.read(len(padding)) != padding:
            raise ArchiveIncomplete(path=path, part=member.name)
        at += len(padding)


def _member(block: bytes, at: int, path: Path) -> Member:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        known = info.name in {DATABASE, *_SMALL} or _STORED.fullmatch(info.name)
        if known and _header(info.name, info.size) == block:
            if info.size > _SMALL.get(info.name, info.size):
                raise ArchiveTampered(part=info.name, path=path)
            return Member(info.name, info.size, at)
    except (tarfile.HeaderError, UnicodeError):
        pass
    raise ArchiveTampered(part=f"@{at - _BLOCK}", path=path)


def _content(file: BinaryIO, member: Member) -> Iterator[bytes]:
    at, end = member.at, member.at + member.size
    while at < end:
        file.seek(at)
        chunk = file.read(min(CHUNK, end - at))
        if not chunk:
            raise ArchiveIncomplete(path=file.name, part=member.name)
        at += len(chunk)
        yield chunk


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _header(name: str, size: int) -> bytes:
    """The one header that a part may have: nothing of the machine, no time."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _sweep(folder: Path) -> None:
    """Remove what killed backups left here; a living one holds its lock."""
    for left in folder.glob(".*.half"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def settle(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
