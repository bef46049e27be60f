"""The ledger's only door."""

from yitong.base.ledger.actions import EntryWriter, install_signer, prepare, record
from yitong.base.ledger.health import health
from yitong.base.ledger.proofs import entry_proof
from yitong.base.ledger.queries import (
    LedgerEntry,
    SequencedEntry,
    entries,
    entries_about,
    sequenced,
)
from yitong.base.ledger.rebuilding import rebuild
from yitong.base.ledger.retention import dispose_month, erase
from yitong.base.ledger.rules import SealedEntry
from yitong.base.ledger.sequencer import run_sequencer, sequence_all, settle
from yitong.base.ledger.tiles import PublicLog
from yitong.base.ledger.verification import verify

__all__ = [
    "EntryWriter",
    "LedgerEntry",
    "PublicLog",
    "SealedEntry",
    "SequencedEntry",
    "dispose_month",
    "entries",
    "entries_about",
    "entry_proof",
    "erase",
    "health",
    "install_signer",
    "prepare",
    "rebuild",
    "record",
    "run_sequencer",
    "sequence_all",
    "sequenced",
    "settle",
    "verify",
]
