"""What an entry commits to, and what of it is published.

`commitment = SHA-256(salt ‖ JCS(entry))`. What the tree holds and the world sees is only the line
`{at, commitment, v}`: nobody can tell from it whom or what an entry is about, or link two entries.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Facts, Value
from yitong.kernel.hashing import canonical, leaf_hash, sha256

VERSION = 1
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class EntryBody:
    """Everything of an entry that its commitment covers."""

    at: dt.datetime
    event: str
    about: About
    account: str
    post: str
    agency: str
    region: str
    facts: Facts

    def canonical(self) -> bytes:
        return canonical(self.document())

    def document(self) -> dict[str, Value]:
        """The entry as a proof carries it; its canonical form is what the commitment covers."""
        return {
            "about": {"key": self.about.key, "type": self.about.type},
            "account": self.account,
            "agency": self.agency,
            "at": instant_text(self.at),
            "event": self.event,
            "facts": dict(self.facts),
            "post": self.post,
            "region": self.region,
            "v": VERSION,
        }


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """A body with its salt and the three values computed from it."""

    body: EntryBody
    salt: bytes
    commitment: bytes
    leaf: bytes
    mac: bytes


def instant_text(at: dt.datetime) -> str:
    """RFC 3339 in UTC with six digits, the one spelling that is hashed."""
    spelled = at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)
    return f"{spelled.isoformat(timespec='microseconds')[:26]}Z"


def whole_seconds(at: dt.datetime) -> int:
    """Published time: to the second, so that it links no two systems' records."""
    return int(at.replace(microsecond=0).timestamp())


def commitment_of(body: EntryBody, salt: bytes) -> bytes:
    return sha256(salt + body.canonical())


def published_line(seconds: int, commitment: bytes) -> bytes:
    """The log entry as C2SP tlog-tiles bundles carry it (canonical JSON, keys sorted)."""
    return _line(dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()[:19], commitment)


def _line(second: str, commitment: bytes) -> bytes:
    return f'{{"at":"{second}Z","commitment":"{commitment.hex()}","v":{VERSION}}}'.encode()


def leaf_of(seconds: int, commitment: bytes) -> bytes:
    return leaf_hash(published_line(seconds, commitment))


def seal_entry(body: EntryBody, mac: Callable[[bytes], bytes]) -> SealedEntry:
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = commitment_of(body, salt)
    leaf = leaf_hash(_line(instant_text(body.at)[:19], commitment))
    return SealedEntry(body, salt, commitment, leaf, mac(commitment))


def body_for(
    event: Event, *, by: Actor, about: About, facts: Facts, region: str, at: dt.datetime
) -> EntryBody:
    """The body of a new entry. A field that the event does not declare, or lacks, is a bug.

    For whom a citizen acted stands in the facts of every entry, whatever action made it (民法典 162: what an agent
    does within the authority binds the principal).
    """
    if facts.keys() != set(event.fields):
        wrong = sorted(facts.keys() ^ set(event.fields))
        raise ValueError(f"{event.name}: fields {wrong} do not match its declaration")
    if by.on_behalf_of:
        facts = {**facts, "on_behalf_of": by.on_behalf_of}
    return EntryBody(at, event.name, about, by.account, by.post, by.agency, region, facts)
