"""Where a node keeps everything, as the command line finds it: directory, profile, secret key, address."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yitong.cli.errors import DirectoryUnfit, NoNode, ProfileDiffers

SECRET_KEY_FILE = "secret-key"  # noqa: S105 - a file's name
_PROFILE_FILE = "profile"
_ADDRESS_FILE = "address"
_RESTORING_FILE = "restoring"
_USUAL_ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Place:
    """One data directory and, where the operator has a server of his own, its database."""

    directory: Path
    database_url: str = ""

    @property
    def is_there(self) -> bool:
        """Whether a node has ever been prepared here."""
        return bool(self.database_url) or (self.directory / "postgres").is_dir()

    def require(self) -> None:
        if not self.is_there:
            raise NoNode(path=self.directory)

    @property
    def profile(self) -> str:
        """What the directory says it is, else what the environment asks for. ProfileDiffers if both differ."""
        asked = os.environ.get("YITONG_PROFILE", "")
        kept = self._read(_PROFILE_FILE)
        if asked and kept and asked != kept:
            raise ProfileDiffers(path=self.directory, kept=kept, asked=asked)
        return kept or asked or "node"

    @property
    def address(self) -> str:
        """Where the node's web server was last started."""
        return self._read(_ADDRESS_FILE) or _USUAL_ADDRESS

    @property
    def is_announced(self) -> bool:
        """Whether a web server was started here and has not been stopped in order."""
        return bool(self._read(_ADDRESS_FILE))

    @property
    def restoring(self) -> Path:
        """There while a restore is under way here: what is being restored, and how far the ledger must reach."""
        return self.directory / _RESTORING_FILE

    @property
    def backup_under_way(self) -> str:
        """Which backup is being restored here; "" if none is."""
        text = self._read(_RESTORING_FILE)
        try:
            return str(json.loads(text)["backup"]) if text else ""
        except (ValueError, KeyError, TypeError):
            return "?"

    def furnish(self) -> None:
        """Make what the node's processes share: the directory, its profile, the key that signs sessions."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._keep(_PROFILE_FILE, self.profile)
            self._keep(SECRET_KEY_FILE, secrets.token_urlsafe(48))
        except OSError as error:
            raise DirectoryUnfit(path=self.directory, why=error.strerror or error) from error

    def announce(self, address: str | None) -> None:
        """Say where the web server listens, or that it does not any more."""
        path = self.directory / _ADDRESS_FILE
        with suppress(OSError):
            path.unlink(missing_ok=True)
            if address:
                path.write_text(f"{address}\n")

    def environment(self, database_url: str) -> dict[str, str]:
        """What the settings of Django read."""
        return {
            "DATABASE_URL": database_url,
            "YITONG_DATA": str(self.directory),
            "YITONG_PROFILE": self.profile,
            "DJANGO_SETTINGS_MODULE": "yitong.config.settings",
        }

    def _read(self, name: str) -> str:
        try:
            return (self.directory / name).read_text().strip()
        except OSError:
            return ""

    def _keep(self, name: str, text: str) -> None:
        """Write a file of mode 0600 unless it is there: of two first starts at once, one wins and both read it."""
        path = self.directory / name
        if path.exists():
            return
        half = self.directory / f".{name}.{os.getpid()}"
        with os.fdopen(
            os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w"
        ) as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(half, path)
        half.unlink()


def place_of(data: Path | None) -> Place:
    """`--data`, else `YITONG_DATA`, else this user's node; else this user's demo where that is all there is.

    With a server of the operator's own the demo is never guessed: its keys would meet foreign data.
    """
    from yitong.hosting.api import data_dir_default

    url = os.environ.get("DATABASE_URL", "")
    named = data or os.environ.get("YITONG_DATA")
    if named:
        return Place(Path(named).absolute(), url)
    usual, demo = Place(data_dir_default(), url), Place(data_dir_default("demo"))
    return demo if not url and not usual.is_there and demo.is_there else usual
