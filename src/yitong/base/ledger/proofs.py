"""The paper a person takes home: entry, salt, path and checkpoint, checked off line by a small script."""

from dataclasses import dataclass

from yitong.base.ledger.actions import signer
from yitong.base.ledger.note import verifier_key
from yitong.base.ledger.queries import entry, index_of, latest_checkpoint
from yitong.base.ledger.tiles import inclusion_proof
from yitong.kernel.declare import Value

FORMAT = "yitong-ledger-proof/1"


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Everything that proves one entry; `document()` is what is downloaded."""

    entry_id: int
    index: int
    size: int
    path: tuple[bytes, ...]
    document: dict[str, Value]


def entry_proof(entry_id: int) -> EntryProof:
    """The proof of an entry. The caller has asked whether the viewer may see it.

    Raises EntryUnknown, or NotYetSequenced within its first moments.
    """
    stored = entry(entry_id)
    index = index_of(entry_id)
    checkpoint = latest_checkpoint(at_least=index + 1)
    path = tuple(inclusion_proof(index, checkpoint.size))
    document: dict[str, Value] = {
        "format": FORMAT,
        "entry": stored.body.document(),
        "salt": stored.salt.hex(),
        "index": index,
        "size": checkpoint.size,
        "path": [node.hex() for node in path],
        "checkpoint": checkpoint.note,
        "verifier_key": verifier_key(signer()),
    }
    return EntryProof(entry_id, index, checkpoint.size, path, document)
