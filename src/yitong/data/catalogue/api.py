"""The only door of the catalogue."""

from yitong.data.catalogue import corrections, editing, filing, uploads
from yitong.data.catalogue.actions import (
    Finding,
    abandon,
    amend,
    approve,
    draft,
    publish,
    record_assessment,
    retire,
    send_back,
    submit,
)
from yitong.data.catalogue.drafting import Wishes
from yitong.data.catalogue.holders import holders
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.queries import (
    EntryView,
    Filters,
    entries,
    entry,
    export_rows,
    propose,
    resource,
)

__all__ = [
    "EntryView",
    "Filters",
    "Finding",
    "Proposal",
    "Resource",
    "Wishes",
    "abandon",
    "amend",
    "approve",
    "corrections",
    "draft",
    "editing",
    "entries",
    "entry",
    "export_rows",
    "filing",
    "holders",
    "propose",
    "publish",
    "record_assessment",
    "resource",
    "retire",
    "send_back",
    "submit",
    "uploads",
]
