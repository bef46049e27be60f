"""What verification says: what was recomputed, and every thing that does not fit, with its index."""

from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yitong.base.ledger import tree
from yitong.base.ledger.queries import StoredEntry
from yitong.base.ledger.rules import commitment_of, leaf_of, whole_seconds

MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: where (index, or None), a stable code, and a sentence."""

    index: int | None
    code: str
    detail: str

    @property
    def place(self) -> tuple[bool, int]:
        """By index; what has none comes last."""
        return self.index is None, self.index or 0


@dataclass(slots=True)
class Verification:
    """What was recomputed, and what did not fit, first index first. `root` is of the whole log."""

    size: int = 0
    root: bytes = tree.EMPTY_ROOT
    checkpoints: int = 0
    erased: int = 0
    pending: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def first_fault(self) -> Fault | None:
        """The fault with the lowest index."""
        return self.faults[0] if self.faults else None

    def blame(self, index: int | None, code: str, detail: str) -> None:
        """Add a fault; of too many the first are kept, whenever they were found."""
        fault = Fault(index, code, detail)
        if len(self.faults) < MOST_FAULTS or fault.place < self.faults[-1].place:
            insort(self.faults, fault, key=lambda f: f.place)
            del self.faults[MOST_FAULTS:]


def entry_faults(stored: StoredEntry, mac: Callable[[bytes], bytes]) -> Iterator[tuple[str, str]]:
    """What of an entry row does not fit itself: (code, detail)."""
    if not _gives_its_commitment(stored):
        yield "entry_changed", f"row {stored.id}: its content does not give its commitment"
    elif leaf_of(whole_seconds(stored.body.at), stored.commitment) != stored.leaf:
        yield "entry_changed", f"row {stored.id}: its leaf hash is wrong"
    if mac(stored.commitment) != stored.mac:
        yield "entry_foreign", f"row {stored.id}: not written by this node"


def _gives_its_commitment(stored: StoredEntry) -> bool:
    try:
        return commitment_of(stored.body, stored.salt) == stored.commitment
    except (TypeError, ValueError):
        # Facts that no action can have written: no object, or a number that has no single form.
        return False
