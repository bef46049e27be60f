"""The only door of keys. `rotation` and `custody` are handed on whole: `rotation.retire_master`, `custody.export`."""

from yitong.base.keys import custody, rotation
from yitong.base.keys.actions import blind, destroy, initialise, row_keys, seal, sealer
from yitong.base.keys.errors import KeyDestroyed, SealBroken
from yitong.base.keys.queries import (
    KeyStatus,
    is_destroyed,
    ledger_signer,
    pseudonym,
    pseudonyms,
    status,
    unseal,
)
from yitong.base.keys.rotation import rotate_master, rotate_pseudonyms
from yitong.base.keys.rules import Scope

__all__ = [
    "KeyDestroyed",
    "KeyStatus",
    "Scope",
    "SealBroken",
    "blind",
    "custody",
    "destroy",
    "initialise",
    "is_destroyed",
    "ledger_signer",
    "pseudonym",
    "pseudonyms",
    "rotate_master",
    "rotate_pseudonyms",
    "rotation",
    "row_keys",
    "seal",
    "sealer",
    "status",
    "unseal",
]
