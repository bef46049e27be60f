"""Reading files. Who may read which is asked by the app whose file it is: here a digest is all there is."""

import io
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, cast

from yitong.base.files import scanner, vault
from yitong.base.files.errors import FileDamaged, UnknownFile
from yitong.base.files.models import StoredFile
from yitong.base.files.sealing import SealDamaged, SealedReader


def stored(sha256: str) -> StoredFile:
    """The row of a file."""
    row = StoredFile.objects.filter(sha256=sha256).first()
    if row is None:
        raise UnknownFile(sha256=sha256)
    return row


def opened(sha256: str) -> BinaryIO:
    """The content, to be closed by the caller. The digest is verified over the whole file before a byte is given."""
    row = stored(sha256)
    try:
        raw = vault.place_of(sha256).open("rb")
    except OSError as missing:
        raise FileDamaged(sha256=sha256) from missing
    with ExitStack() as unless_given:
        unless_given.callback(raw.close)
        _verify(raw, sha256)
        try:
            content = unsealed(raw) if row.is_sealed else raw
        except SealDamaged as damaged:
            raise FileDamaged(sha256=sha256) from damaged
        unless_given.pop_all()
        return content


def _verify(raw: io.BufferedReader, sha256: str) -> None:
    if vault.digest_of(raw) != sha256:
        raise FileDamaged(sha256=sha256)
    raw.seek(0)


def unsealed(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(SealedReader(raw)))


@dataclass(frozen=True, slots=True)
class FilesHealth:
    """What `doctor` says of files."""

    place: str
    free_bytes: int
    scanner: str | None
    stored: int
    missing: int


def health(*, sample: int = 1000) -> FilesHealth:
    """Where files lie, how much room there is, whether uploads are scanned, and whether the newest are there."""
    home = vault.folder()
    nearest = next(path for path in (home, *home.parents) if path.exists())
    digests = StoredFile.objects.order_by("-pk").values_list("sha256", flat=True)[:sample]
    found = scanner.configured()
    return FilesHealth(
        place=str(home),
        free_bytes=shutil.disk_usage(nearest).free,
        scanner=found.name if found else None,
        stored=StoredFile.objects.count(),
        missing=sum(not vault.place_of(digest).exists() for digest in digests),
    )
