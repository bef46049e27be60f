"""Loading the standards of this release."""

from typing import Any

from django.db import transaction

from yitong.base.access import api as access
from yitong.base.ledger import api as ledger
from yitong.data.standards import events
from yitong.data.standards.elements import CodeSet, Edition, Element
from yitong.data.standards.models import CodeSetTable, CodeTableValue, DataElement
from yitong.data.standards.seed import edition
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About


@transaction.atomic
def load_standards(*, by: Actor) -> Edition:
    """Bring the tables to this release's files; elements that are gone are retired, never deleted."""
    access.require(by, "standards.manage", of=access.Thing("standards", "edition"))
    current = edition()
    sets = {key: _loaded_set(code_set) for key, code_set in current.code_sets.items()}
    rows = {element.code: _row(element, sets.get(element.code_set)) for element in current.elements}
    DataElement.objects.bulk_create(
        (DataElement(code=code, **row) for code, row in rows.items()),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=list(next(iter(rows.values()))),
    )
    codes = [element.code for element in current.elements]
    DataElement.objects.exclude(code__in=codes).update(retired=True)
    ledger.record(
        events.STANDARDS_LOADED,
        by=by,
        about=About("standards", "edition"),
        facts={
            "elements": len(current.elements),
            "code_sets": len(sets),
            "digest": current.digest.hex(),
        },
    )
    return current


def _loaded_set(code_set: CodeSet) -> CodeSetTable:
    table, _ = CodeSetTable.objects.update_or_create(
        key=code_set.key,
        defaults={
            "name": code_set.name,
            "source": code_set.source,
            "confidence": code_set.confidence,
        },
    )
    CodeTableValue.objects.filter(code_set=table).delete()
    CodeTableValue.objects.bulk_create(
        CodeTableValue(
            code_set=table, code=value.code, name=value.name, confidence=value.confidence
        )
        for value in code_set.values
    )
    return table


def _row(element: Element, code_set: CodeSetTable | None) -> dict[str, Any]:
    return {
        "name": element.name,
        "english": element.english,
        "definition": element.definition,
        "group": element.group,
        "synonyms": list(element.synonyms),
        "latin": list(element.latin),
        "type_letter": element.type_letter,
        "format": element.format,
        "code_set": code_set,
        "personal": element.personal,
        "sensitivity": element.sensitivity,
        "subject": element.subject,
        "about_organisation": element.about_organisation,
        "interest": element.harm.interest,
        "harm": element.harm.harm,
        "grade": element.grade,
        "grade_reason": element.harm.reason,
        "grade_confidence": element.harm.confidence,
        "mask": element.mask,
        "evidence": element.evidence,
        "source": element.source,
        "confidence": element.confidence,
        "retired": False,
    }
