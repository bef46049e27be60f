"""Which rows a 共享申请 asks for and an answer would give: in words and in numbers, before anybody agrees."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from yitong.data.exchange.api import row_looks
from yitong.data.sharing.api import ShareRequest, row_rules
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.predicates import PredicateRefusal
from yitong.portals.bureau.request_forms import RequestForm
from yitong.portals.bureau.row_rules import Fault, Told, explained, fault_of


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule in words, or where it is wrong; neither where every row is asked for."""

    told: Told | None = None
    fault: Fault | None = None


NOTHING_TOLD: Final = RuleTold()


def told_of(row: ShareRequest, form: RequestForm | None, by: Actor) -> RuleTold:
    """What is asked and what `form` adds to it, together. What is wrong with the rule stands at its field."""
    added = str(form.data.get("row_rule", "")) if form else row.row_rule_agreed
    try:
        return RuleTold(_explained(row, added, by))
    except PredicateRefusal as refusal:
        if form is None:
            return NOTHING_TOLD
        form.add_error("row_rule", refusal.say(gettext))
        return RuleTold(fault=fault_of(refusal, added))
    except Refusal as refusal:
        if refusal.kind != "invalid" or form is None:
            raise
        form.add_error("row_rule", f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
    return NOTHING_TOLD


def _explained(row: ShareRequest, added: str, by: Actor) -> Told | None:
    given = row_rules.accepted(added, row.resource)
    try:
        asked = row_rules.accepted(row.row_rule, row.resource)
    except PredicateRefusal:
        # The entry has changed since; its delivery will say so, and its words stand in the range asked for.
        asked = row_rules.EVERY_ROW
    rule = row_rules.both(asked, given.text, row.resource)
    return explained(row_looks.Asked(row.resource, rule.text), by=by) if rule.text else None
