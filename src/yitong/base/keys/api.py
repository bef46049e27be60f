"""The only door of keys."""

from yitong.base.keys.actions import Sealer, blind, destroy, initialise, seal, sealer
from yitong.base.keys.errors import KeyDestroyed, SealBroken
from yitong.base.keys.queries import (
    KeyStatus,
    ledger_signer,
    pseudonym,
    pseudonyms,
    status,
    unseal,
)
from yitong.base.keys.rotation import (
    retire_master,
    retire_pseudonyms,
    rotate_master,
    rotate_pseudonyms,
    rotate_scope,
)
from yitong.base.keys.rules import Scope

__all__ = [
    "KeyDestroyed",
    "KeyStatus",
    "Scope",
    "SealBroken",
    "Sealer",
    "blind",
    "destroy",
    "initialise",
    "ledger_signer",
    "pseudonym",
    "pseudonyms",
    "retire_master",
    "retire_pseudonyms",
    "rotate_master",
    "rotate_pseudonyms",
    "rotate_scope",
    "seal",
    "sealer",
    "status",
    "unseal",
]
