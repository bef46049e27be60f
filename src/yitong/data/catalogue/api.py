"""The only door of the catalogue: an entry and its content; what several functions do together stands behind a noun."""

from yitong.data.catalogue import (
    consumers,
    corrections,
    editing,
    filing,
    listing,
    notices,
    procedure,
    renewal,
    uploads,
)
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
    "consumers",
    "corrections",
    "draft",
    "editing",
    "entry",
    "filing",
    "holders",
    "listing",
    "notices",
    "procedure",
    "propose",
    "renewal",
    "resource",
    "uploads",
]
