"""Drafting and amending entries: each content filed is a version and a ledger entry."""

from django.db import IntegrityError, connection, transaction

from yitong.base.access.api import require
from yitong.base.files.api import refuse_marks
from yitong.base.identity.api import Agency, agency_named
from yitong.data.catalogue import errors, events, rules
from yitong.data.catalogue.models import CodeSeries, Resource
from yitong.data.catalogue.proposal import Proposal, diff
from yitong.data.catalogue.rows import (
    add_version,
    apply,
    check_name,
    locked,
    name_taken,
    note,
    step,
    thing,
    write_fields,
)
from yitong.data.catalogue.rules import Step
from yitong.kernel.actor import Actor
from yitong.kernel.codes import resource_code
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_

_CODES_LOCK = 0x636F6465  # advisory lock: two first filings never take one 目


@transaction.atomic
def draft(*, proposal: Proposal, by: Actor, table_key: str = "") -> Resource:
    """File a proposal as a draft: an unknown owner and withholding without law are refused here already."""
    owner = agency_named(proposal.owner)
    require(by, "catalogue.draft", of=thing(owner))
    _check_words(proposal, by)
    rules.check_content(proposal)
    row = Resource(code=_next_code(proposal.category, owner), owner=owner, table_key=table_key)
    apply(row, proposal)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise name_taken(owner, proposal.name) from fault
    if not table_key:  # a name for the copy that is still to be made
        row.table_key = f"r{row.pk}"
        row.save(update_fields=["table_key"])
    write_fields(row, proposal)
    version = add_version(row, proposal, by, reason="")
    facts: dict[str, Value] = {
        "digest": version.digest,
        "fields": len(proposal.fields),
        "share_type": rules.SHARE_TYPE_NAMES[rules.ShareType(row.share_type)],
        "grade": row.grade_name,
    }
    note(events.DRAFTED, row, by, facts)
    return row


@transaction.atomic
def amend(*, code: str, proposal: Proposal, reason: str, by: Actor) -> Resource:
    """Change a draft, or begin or go on with a revision; what is in force stays until the new version is published."""
    row = locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    step(row, Step.AMEND)
    rules.check_reason(reason, N_("改动"))
    _check_words(proposal, by)
    rules.check_content(proposal)
    current = row.versions.get(number=row.version).entry
    changes = diff(current, proposal)
    if not changes:
        raise errors.NothingChanged(version=row.version)
    waiting = row.versions.get(number=row.version).table_key if row.version_in_force else ""
    row.version = row.versions.count() + 1
    if row.version_in_force is None:
        check_name(row, proposal.name)
        apply(row, proposal)
        row.save()
        write_fields(row, proposal)
    else:
        row.save()
    version = add_version(row, proposal, by, reason=reason)
    if waiting and waiting != row.table_key:
        version.table_key = waiting  # until other rows are brought for this version
        version.save(update_fields=["table_key"])
    facts: dict[str, Value] = {
        "digest": version.digest,
        "changes": len(changes),
        "reason": reason,
    }
    note(events.AMENDED, row, by, facts)
    return row


def _check_words(proposal: Proposal, by: Actor) -> None:
    """Art. 3: 国家秘密 and 工作秘密 are no 政务数据; a mark of secrecy in any words is refused."""
    headers = (f.header for f in proposal.fields)
    refuse_marks("\n".join([proposal.name, proposal.abstract, proposal.duty, *headers]), by=by)


def _next_code(category: str, owner: Agency) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_CODES_LOCK])
    heading = CodeSeries.objects.filter(category=category).count() + 1
    series, _ = CodeSeries.objects.get_or_create(
        category=category, agency=owner, defaults={"heading": heading}
    )
    series.last += 1
    series.save(update_fields=["last"])
    return resource_code(rules.code_front(category, series.heading), series.last)
