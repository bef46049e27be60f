"""Whatever officers try in whatever order: nothing is published without assessments, approval and review."""

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town
from yitong.data.catalogue import actions, procedure
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.procedure import Finding
from yitong.kernel.errors import Refusal

pytestmark = [pytest.mark.usefixtures("node_keys"), pytest.mark.furnished("town")]
STEPS = ("secrecy", "personal", "submit", "approve", "send_back", "publish", "amend", "abandon")
WHO = ("contact", "head", "reviewer", "both")


def test_no_sequence_of_acts_publishes_without_assessments_approval_and_another_officers_review():
    town = a_town()
    row = a_draft(town)
    officers = {
        "contact": town.provider.contact,
        "head": town.provider.head,
        "reviewer": town.reviewer,
        "both": replace(town.reviewer, account=town.provider.head.account),
    }

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(WHO)), max_size=12))
    def holds(acts):
        with transaction.atomic():
            for number, (step, who) in enumerate(acts):
                _try(step, row.code, officers[who], town, number)
                _holds(Resource.objects.get(pk=row.pk))
            transaction.set_rollback(True)

    holds()


def _try(step, code, by, town, number):
    try:
        with transaction.atomic():
            if step in {"secrecy", "personal"}:
                finding = Finding(step, "passed", "通过")
                procedure.record_assessment(code=code, finding=finding, by=town.provider.secrecy)
            elif step == "amend":
                current = Resource.objects.get(code=code)
                content = current.versions.get(number=current.version).entry
                changed = replace(content, abstract=f"摘要{number}")
                actions.amend(code=code, proposal=changed, reason="改", by=by)
            elif step == "send_back":
                procedure.send_back(code=code, reason="退", by=by)
            else:
                getattr(procedure, step)(code=code, by=by)
    except Refusal:
        pass


def _holds(row):
    if row.version_in_force is None:
        return
    version = row.version_in_force
    kinds = set(
        row.assessments.filter(version=version, outcome="passed").values_list("kind", flat=True)
    )
    assert kinds == {"secrecy", "personal"}
    signed = dict(row.decisions.filter(version=version).values_list("step", "account"))
    assert signed["approve"] != signed["publish"]
