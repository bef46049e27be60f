"""The only door of access."""

from yitong.base.access import pace
from yitong.base.access.actions import Once, forget_old_answers, once
from yitong.base.access.cedar import PolicyFault, policy_book
from yitong.base.access.errors import (
    KeyReused,
    NotAllowed,
    OnceKeyInvalid,
    StepUpNeeded,
    StillRunning,
)
from yitong.base.access.levels import needed_level
from yitong.base.access.queries import allows, decide_grant, require
from yitong.base.access.rules import Decision, GrantFacts, Thing, fast_decision, is_within

__all__ = [
    "Decision",
    "GrantFacts",
    "KeyReused",
    "NotAllowed",
    "Once",
    "OnceKeyInvalid",
    "PolicyFault",
    "StepUpNeeded",
    "StillRunning",
    "Thing",
    "allows",
    "decide_grant",
    "fast_decision",
    "forget_old_answers",
    "is_within",
    "needed_level",
    "once",
    "pace",
    "policy_book",
    "require",
]
