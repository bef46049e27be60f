"""Loading the standards of a release into the tables."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY
from yitong.data.standards import actions
from yitong.data.standards.api import DataElement, edition, elements_like, load_standards
from yitong.data.standards.models import CodeSetTable, CodeTableValue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def test_loading_twice_gives_one_set_of_rows():
    load_standards(by=BY)
    load_standards(by=BY)
    assert DataElement.objects.count() == len(edition().elements)
    assert CodeTableValue.objects.filter(code_set__key="nation").count() == 56
    assert DataElement.objects.get(code="DE01004").code_set == CodeSetTable.objects.get(key="sex")


def test_an_element_that_is_gone_is_retired_not_deleted():
    load_standards(by=BY)
    DataElement.objects.filter(code="DE01001").update(code="DE00000")
    load_standards(by=BY)
    assert DataElement.objects.get(code="DE00000").retired
    assert not DataElement.objects.get(code="DE01001").retired


def test_elements_are_found_by_name_and_synonym():
    load_standards(by=BY)
    assert elements_like("身份证号").filter(code="DE01001").exists()


def test_a_failed_record_undoes_the_load(monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.ledger, "record", fail)
    with pytest.raises(RuntimeError):
        load_standards(by=BY)
    assert not DataElement.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"grade": 5}, {"subject": "dog"}, {"confidence": "X"}, {"sensitivity": "none"}]
)
def test_the_table_refuses_what_makes_no_sense(wrong):
    load_standards(by=BY)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataElement.objects.filter(code="DE01001").update(**wrong)
