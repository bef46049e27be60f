"""An entry whose field bears a mark of secrecy: refused, with a record that the roll-back does not undo (art. 3)."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import people_entry
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town
from yitong.base.files.api import MarkedSecret
from yitong.base.ledger.models import Entry
from yitong.data.catalogue.models import Resource

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


def test_a_mark_of_secrecy_in_a_header_is_refused_and_recorded():
    town, entry = a_town(), people_entry()
    marked = replace(entry.fields[4], header="机密★10年")
    with pytest.raises(MarkedSecret):
        a_draft(town, replace(entry, fields=(*entry.fields[:4], marked)))
    assert not Resource.objects.exists()
    (recorded,) = Entry.objects.filter(event="files.secret_refused")
    assert recorded.facts["mark"] == "机密★"
