"""The only door of the catalogue: an entry and its content; what several functions do together stands behind a noun."""

from yitong.data.catalogue import corrections, editing, filing, listing, procedure, uploads
from yitong.data.catalogue.actions import amend, draft
from yitong.data.catalogue.drafting import Wishes
from yitong.data.catalogue.holders import holders
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.queries import EntryView, entry, propose, resource

__all__ = [
    "EntryView",
    "Proposal",
    "Resource",
    "Wishes",
    "amend",
    "corrections",
    "draft",
    "editing",
    "entry",
    "filing",
    "holders",
    "listing",
    "procedure",
    "propose",
    "resource",
    "uploads",
]
