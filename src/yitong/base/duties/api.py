"""The only door of duties."""

from yitong.base.duties import admonitions, book, inboxes, owners, recounts
from yitong.base.duties.actions import (
    Matter,
    NewDuty,
    extend,
    has_open,
    meet,
    open_duty,
    pause,
    restart,
    resume,
    waive,
)
from yitong.base.duties.declared import install as install_kinds
from yitong.base.duties.faces import Face
from yitong.base.duties.queries import DutyView, duty
from yitong.base.duties.rules import Extending

__all__ = [
    "DutyView",
    "Extending",
    "Face",
    "Matter",
    "NewDuty",
    "admonitions",
    "book",
    "duty",
    "extend",
    "has_open",
    "inboxes",
    "install_kinds",
    "meet",
    "open_duty",
    "owners",
    "pause",
    "recounts",
    "restart",
    "resume",
    "waive",
]
