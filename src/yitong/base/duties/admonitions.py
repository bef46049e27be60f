"""督办 and 通报: the system or a leader proposes, a named person signs. And what an agency says of its miss."""

from collections.abc import Sequence

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.duties import errors, events, rules
from yitong.base.duties.models import Admonition, Duty, Miss
from yitong.base.duties.notices import tell_admonished
from yitong.base.duties.oversight import appoint_overseer
from yitong.base.duties.rows import about_duty
from yitong.base.duties.rules import ADMONITION_NAMES, AdmonitionForm, AdmonitionState
from yitong.base.duties.seats import seat_for
from yitong.base.identity.api import agency
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

__all__ = ["appoint_overseer", "explain", "propose", "sign"]


@transaction.atomic
def explain(*, duty: int, words: str, by: Actor) -> Miss:
    """What the agency has to say of its miss; it stays beside the record on the 履责台账."""
    miss = Miss.objects.select_for_update(of=("self",)).select_related("duty")
    found = miss.filter(duty_id=duty).first()
    if found is None:
        raise errors.NotMissed(duty=duty)
    thing = Thing("duty", str(duty), agency=found.agency_id, region=found.duty.region)
    require(by, "duties.explain", of=thing)
    rules.check_reason(words, N_("陈述理由"))
    found.explanation, found.explained_at = words, clock.now()
    found.explained_by, found.explained_post = by.account, by.post
    found.save()
    record(
        events.EXPLAINED,
        by=by,
        about=about_duty(duty),
        facts={"duty": duty, "words": words},
        region=found.duty.region,
    )
    return found


@transaction.atomic
def propose(*, form: str, duties: Sequence[int], ground: str, by: Actor) -> Admonition:
    """A leader proposes 督办 or 通报 of one agency for missed duties; it binds nobody until it is signed."""
    rows = list(Duty.objects.filter(pk__in=duties, missed_at__isnull=False).order_by("pk"))
    if not rows or len({row.agency_id for row in rows}) != 1 or len(rows) != len(set(duties)):
        raise errors.NotMissed(duty="、".join(map(str, duties)))
    first = rows[0]
    require(by, "duties.admonish", of=_thing(first.agency_id, first.region, by.agency))
    rules.check_reason(ground, ADMONITION_NAMES[AdmonitionForm(form)])
    admonition = Admonition.objects.create(
        form=AdmonitionForm(form).value,
        agency_id=first.agency_id,
        issuer=agency(by.agency),
        region=first.region,
        duties=[row.pk for row in rows],
        ground=ground,
        proposed_by=by.account,
        proposed_at=clock.now(),
    )
    record(
        events.PROPOSED,
        by=by,
        about=_about(admonition),
        facts={
            "admonition": admonition.pk,
            "form": ADMONITION_NAMES[AdmonitionForm(form)],
            "agency": first.agency_id,
            "issuer": by.agency,
            "duties": list(admonition.duties),
            "ground": ground,
        },
        region=first.region,
    )
    return admonition


@transaction.atomic
def sign(*, admonition: int, words: str, by: Actor, declines: bool = False) -> Admonition:
    """A named person of the issuing agency signs it, or says why not."""
    rows = Admonition.objects.select_for_update().filter(pk=admonition)
    found = rows.first()
    if found is None:
        raise errors.AdmonitionUnknown(number=admonition)
    require(by, "duties.sign", of=_thing(found.issuer_id, found.region, found.issuer_id))
    if found.state != AdmonitionState.PROPOSED:
        state = rules.ADMONITION_STATE_NAMES[AdmonitionState(found.state)]
        raise errors.AdmonitionSettled(number=admonition, state=state)
    rules.check_reason(words, N_("签发"))
    settled = AdmonitionState.DECLINED if declines else AdmonitionState.SIGNED
    found.state, found.words = settled.value, words
    found.settled_by, found.settled_post, found.settled_at = by.account, by.post, clock.now()
    found.save()
    record(
        events.SETTLED,
        by=by,
        about=_about(found),
        facts={
            "admonition": found.pk,
            "form": ADMONITION_NAMES[AdmonitionForm(found.form)],
            "agency": found.agency_id,
            "state": rules.ADMONITION_STATE_NAMES[settled],
            "words": words,
        },
        region=found.region,
    )
    if settled is AdmonitionState.SIGNED:
        tell_admonished(found, seat_for(found.agency_id).post, by=by)
    return found


def _thing(agency_code: str, region: str, issuer: str) -> Thing:
    return Thing("admonition", agency_code, agency=issuer, region=region)


def _about(admonition: Admonition) -> About:
    return About("admonition", str(admonition.pk))
