"""How an entry is written: locked, stepped, applied, kept as a version, decided on and recorded."""

from dataclasses import asdict
from typing import Final

from django.db import connection

from yitong.base.access.api import Thing
from yitong.base.identity.api import Agency
from yitong.base.ledger.api import record
from yitong.data.catalogue import errors, rules
from yitong.data.catalogue.models import Decision, Field, Resource, ResourceVersion
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.queries import about
from yitong.data.catalogue.rules import State, Step
from yitong.data.catalogue.search import search_terms
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Event, Value

GRANTS_CHANNEL: Final = "grants"
_OWN_COLUMNS: Final = (
    "name", "abstract", "duty", "category", "kind", "data_format", "update_cycle", "share_type",
    "share_scope", "use_purposes", "use_condition", "basis_level", "basis_citation",
    "withhold_reason", "open_type", "grade", "grade_reason", "key_field", "key_kind", "key_unique",
    "subject_link", "source", "row_count",
)  # fmt: skip


def thing(owner: Agency, code: str = "", **attributes: str) -> Thing:
    """An entry as the policies see it."""
    return Thing("resource", code, agency=owner.code, region=owner.region, attributes=attributes)


def locked(code: str) -> Resource:
    row = Resource.objects.select_for_update(of=("self",)).select_related("owner").filter(code=code)
    if (found := row.first()) is None:
        raise errors.ResourceUnknown(asked=code, nearest="")
    return found


def step(row: Resource, step: Step) -> None:
    in_force = row.version_in_force is not None
    row.state = rules.next_state(State(row.state), step, in_force=in_force, name=row.name).value


def check_name(row: Resource, name: str) -> None:
    others = Resource.objects.filter(owner=row.owner, name=name).exclude(pk=row.pk)
    if others.exclude(state=State.RETIRED).exists():
        raise name_taken(row.owner, name)


def name_taken(owner: Agency, name: str) -> errors.NameTaken:
    other = Resource.objects.filter(owner=owner, name=name).exclude(state=State.RETIRED).first()
    return errors.NameTaken(owner=owner.name, name=name, resource=other.code if other else "")


def apply(row: Resource, entry: Proposal) -> None:
    """Let the entry be what is in force (or the draft)."""
    for column in _OWN_COLUMNS:
        setattr(row, column, getattr(entry, column))
    row.share_methods = list(entry.share_methods)
    row.unverified = list(entry.unverified)
    headers = (f.header for f in entry.fields)
    row.terms = search_terms(entry.name, entry.abstract, row.owner.name, *headers)


def write_fields(row: Resource, entry: Proposal) -> None:
    row.fields.all().delete()
    Field.objects.bulk_create(
        Field(resource=row, **{k: v for k, v in asdict(f).items() if k != "reasons"})
        for f in entry.fields
    )


def add_version(row: Resource, entry: Proposal, by: Actor, *, reason: str) -> ResourceVersion:
    return ResourceVersion.objects.create(
        resource=row,
        number=row.version,
        snapshot=entry.as_facts(),
        digest=entry.digest,
        account=by.account,
        post=by.post,
        reason=reason,
    )


def decide(row: Resource, step: Step, by: Actor, reason: str = "") -> None:
    Decision.objects.create(
        resource=row,
        version=row.version,
        step=step.value,
        account=by.account,
        post=by.post,
        agency=by.agency,
        reason=reason,
    )


def note(event: Event, row: Resource, by: Actor, facts: dict[str, Value]) -> None:
    known: dict[str, Value] = {"resource": row.code, "version": row.version}
    record(event, by=by, about=about(row), facts={**known, **facts}, region=row.owner.region)


def announce(row: Resource) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [GRANTS_CHANNEL, f"resource:{row.pk}"])
