"""Reading purposes, requests and grants. Every read of requests and grants has a viewer."""

from django.db.models import Q, QuerySet

from yitong.base.identity.api import Agency
from yitong.base.keys import api as keys
from yitong.data.catalogue.api import Resource
from yitong.data.sharing import errors, rules
from yitong.data.sharing.models import Grant, Purpose, ShareRequest
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

_ENTERPRISE = "企业"


def about_grant(grant: Grant) -> About:
    return About("grant", str(grant.pk))


def about_request(request: ShareRequest) -> About:
    return About("share_request", str(request.pk))


def purposes(*, with_hidden: bool = False) -> QuerySet[Purpose]:
    """Purposes one may choose from; hidden ones only for those who approve or use them."""
    found = Purpose.objects.filter(retired_at__isnull=True).order_by("code")
    return found if with_hidden else found.filter(is_hidden=False)


def purpose(code: str) -> Purpose:
    found = Purpose.objects.filter(code=code.strip(), retired_at__isnull=True).first()
    if found is None:
        known = "、".join(purposes().values_list("code", flat=True))
        raise errors.PurposeUnknown(purpose=code, known=known or N_("还没有载入"))
    return found


def purpose_facts(purpose: Purpose) -> rules.PurposeFacts:
    approvals = {
        N_("数据主管部门"): purpose.authority_account,
        N_("保密部门"): purpose.secrecy_account,
    }
    missing = [side for side, account in approvals.items() if not account]
    return rules.PurposeFacts(
        purpose.code, purpose.longest_days, tuple(missing) if purpose.is_hidden else ()
    )


def subject_of(resource: Resource) -> rules.Subject:
    """The entry in force as grants see it."""
    items = tuple(rules.Item(f.name, f.header, f.mask) for f in resource.fields.all())
    return rules.Subject(
        name=resource.name,
        owner=resource.owner.code,
        owner_name=resource.owner.name,
        state_name=resource.state_name,
        share_type=resource.share_type,
        citation=resource.basis_citation,
        items=items,
        key=resource.key_field,
        is_in_force=resource.is_in_force,
        is_destroyed=keys.is_destroyed(keys.Scope("resource", resource.table_key)),
    )


def grantee_of(agency: Agency) -> rules.Grantee:
    return rules.Grantee(agency.code, agency.name, is_enterprise=agency.kind == _ENTERPRISE)


def _concerns(viewer: Actor, provider: str, requester: str) -> Q:
    """Both sides see what passes between them; the data authority, the auditor and the node see all of it."""
    if viewer.kind in {"operator", "system"} or viewer.roles & {"data_reviewer", "auditor"}:
        return Q()
    if not viewer.agency:
        return Q(pk__in=[])
    return Q(**{provider: viewer.agency}) | Q(**{requester: viewer.agency})


def grants(*, viewer: Actor, resource: str = "", client: str = "") -> QuerySet[Grant]:
    """Grants the viewer may see, newest first, of one resource's code or one client."""
    found = Grant.objects.select_related("resource__owner", "agency", "purpose")
    found = found.filter(_concerns(viewer, "resource__owner__code", "agency__code"))
    if resource:
        found = found.filter(resource__code=resource)
    if client:
        found = found.filter(client_id=client)
    return found.order_by("-pk")


def requests(*, viewer: Actor, state: str = "") -> QuerySet[ShareRequest]:
    """Requests the viewer's agency made or has to answer, newest first."""
    found = ShareRequest.objects.select_related("resource__owner", "requester", "purpose")
    found = found.filter(_concerns(viewer, "resource__owner__code", "requester__code"))
    if state:
        found = found.filter(state=state)
    return found.order_by("-pk")
