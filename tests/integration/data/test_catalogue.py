"""Entries through their whole life, on the real database, by the proper posts."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.agencies import OPERATOR
from tests.factories.catalogue import firms_entry, people_entry
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.ledger import events_about
from tests.factories.officers import a_draft, a_town, assess, publish, published
from yitong.base.access.api import NotAllowed
from yitong.base.identity.errors import UnknownAgency
from yitong.base.ledger.queries import ENTRY_COLUMNS, stored_entry
from yitong.data.catalogue import actions, errors, procedure, rows
from yitong.data.catalogue.listing import Filters, entries, export_rows
from yitong.data.catalogue.models import CodeSeries, Field, Resource, ResourceVersion
from yitong.data.catalogue.procedure import Finding
from yitong.data.catalogue.queries import entry, resource
from yitong.data.catalogue.rules import State
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

pytestmark = [pytest.mark.usefixtures("node_keys"), pytest.mark.furnished("town")]


def test_an_entry_is_filed_assessed_approved_reviewed_and_in_force():
    town = a_town()
    row = a_draft(town)
    assert (row.state, row.version, row.is_in_force) == ("draft", 1, False)
    row = publish(town, row.code)
    assert (row.state, row.version_in_force, row.is_in_force) == ("published", 1, True)
    assert events_about("resource", row.code) == [
        "catalogue.drafted",
        "catalogue.assessed",
        "catalogue.assessed",
        "catalogue.submitted",
        "catalogue.approved",
        "catalogue.published",
    ]
    steps = list(row.decisions.order_by("pk").values_list("step", "agency"))
    assert steps == [
        ("approve", town.provider.agency.code),
        ("publish", town.reviewer.agency),
    ]


def test_the_versions_digest_stands_in_the_ledger():
    row = a_draft(a_town())
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {ENTRY_COLUMNS} from ledger_entry e where about_key = %s", [row.code]
        )
        facts = stored_entry(cursor.fetchone()).body.facts
    version = row.versions.get()
    assert facts["digest"] == version.digest == version.entry.digest


def test_codes_are_given_in_order_and_each_agency_has_its_own_heading():
    town = a_town()
    first, second = a_draft(town), a_draft(town, people_entry("困难残疾人补贴发放"))
    other = actions.draft(
        proposal=replace(people_entry(), owner=town.requester.agency.name),
        by=town.requester.contact,
    )
    assert [first.code, second.code, other.code] == [
        "307001/000001",
        "307001/000002",
        "307002/000001",
    ]
    assert CodeSeries.objects.count() == 2


def test_an_unknown_owner_is_refused_with_the_nearest_names():
    a_town()
    with pytest.raises(UnknownAgency, match="澜宁市民政局"):
        actions.draft(proposal=people_entry(owner="澜宁民政局"), by=OPERATOR)
    assert not Resource.objects.exists()


def test_one_owner_has_one_live_entry_of_a_name():
    town = a_town()
    first = a_draft(town)
    with pytest.raises(errors.NameTaken, match=first.code):
        a_draft(town)
    procedure.retire(code=first.code, reason="重复登记", by=town.provider.head)
    assert a_draft(town).code != first.code


def test_submission_names_all_that_is_missing_and_changes_nothing():
    town = a_town()
    row = a_draft(town, replace(people_entry(), data_format="", share_scope=""))
    with pytest.raises(errors.EntryIncomplete, match="数据格式、使用条件"):
        procedure.submit(code=row.code, by=town.provider.contact)
    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_approval_waits_for_both_assessments_of_this_very_version():
    town = a_town()
    row = a_draft(town)
    assess(town, row.code)
    changed = replace(row.versions.get().entry, abstract="改过的摘要")
    actions.amend(code=row.code, proposal=changed, reason="摘要不清楚", by=town.provider.contact)
    procedure.submit(code=row.code, by=town.provider.contact)
    with pytest.raises(
        errors.AssessmentsMissing, match=r"第2版.*保密风险评估、个人信息保护影响评估"
    ):
        procedure.approve(code=row.code, by=town.provider.head)
    assess(town, row.code)
    assert procedure.approve(code=row.code, by=town.provider.head).state == State.REVIEW


def test_a_failed_assessment_stands_until_a_later_one_passes():
    town = a_town()
    row = a_draft(town)
    assess(town, row.code)
    failed = Finding("personal", "failed", "遮盖不够")
    procedure.record_assessment(code=row.code, finding=failed, by=town.provider.secrecy)
    procedure.submit(code=row.code, by=town.provider.contact)
    with pytest.raises(errors.AssessmentsMissing, match="个人信息保护影响评估"):
        procedure.approve(code=row.code, by=town.provider.head)


@pytest.mark.parametrize(
    ("step", "who"),
    [
        (procedure.approve, "contact"),
        (procedure.approve, "sharing_head"),
        (procedure.publish, "head"),
        (procedure.retire, "contact"),
    ],
)
def test_only_the_proper_post_takes_a_step(step, who):
    town = a_town()
    row = a_draft(town)
    more = {"reason": "试一试"} if step is procedure.retire else {}
    with pytest.raises(NotAllowed):
        step(code=row.code, by=getattr(town.provider, who), **more)


def test_another_agencys_head_cannot_approve():
    town = a_town()
    row = a_draft(town)
    assess(town, row.code)
    procedure.submit(code=row.code, by=town.provider.contact)
    with pytest.raises(NotAllowed):
        procedure.approve(code=row.code, by=town.requester.head)


def test_an_operator_files_but_never_approves_or_publishes():
    town = a_town()
    row = actions.draft(proposal=people_entry(), by=OPERATOR)
    procedure.submit(code=row.code, by=OPERATOR)
    for step in (procedure.approve, procedure.publish):
        with pytest.raises(NotAllowed):
            step(code=row.code, by=OPERATOR)
    assert town.provider.agency == row.owner


def test_one_person_in_two_posts_cannot_sign_both():
    town = a_town()
    row = a_draft(town)
    assess(town, row.code)
    procedure.submit(code=row.code, by=town.provider.contact)
    procedure.approve(code=row.code, by=town.provider.head)
    both = replace(town.reviewer, account=town.provider.head.account)
    with pytest.raises(Refusal):
        procedure.publish(code=row.code, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=row.pk).update(published_by=town.provider.head.account)


def test_what_is_sent_back_says_why_and_goes_round_again():
    town = a_town()
    row = a_draft(town)
    assess(town, row.code)
    procedure.submit(code=row.code, by=town.provider.contact)
    procedure.approve(code=row.code, by=town.provider.head)
    with pytest.raises(errors.ReasonNeeded):
        procedure.send_back(code=row.code, reason=" ", by=town.reviewer)
    row = procedure.send_back(code=row.code, reason="更新频率请核实", by=town.reviewer)
    assert row.state == State.RETURNED
    row = procedure.submit(code=row.code, by=town.provider.contact)
    procedure.approve(code=row.code, by=town.provider.head)
    assert procedure.publish(code=row.code, by=town.reviewer).state == State.PUBLISHED


def test_a_revision_changes_nothing_in_force_until_it_is_published():
    town = a_town()
    row = published(town)
    before = row.versions.get().entry
    fewer = replace(
        before, abstract="不再收集电话", fields=(*before.fields[:2], *before.fields[3:])
    )
    row = actions.amend(
        code=row.code, proposal=fewer, reason="电话不再收集", by=town.provider.contact
    )
    assert (row.state, row.version, row.version_in_force, row.is_in_force) == (
        "revising",
        2,
        1,
        True,
    )
    assert row.fields.filter(name="lxdh").exists()
    view = entry(row.code, viewer=town.provider.contact)
    assert view.pending == fewer
    assert [(c.field, c.item) for c in view.changes] == [("", "abstract"), ("lxdh", "")]
    row = publish(town, row.code)
    assert (row.state, row.version_in_force, row.abstract) == ("published", 2, "不再收集电话")
    assert not row.fields.filter(name="lxdh").exists()
    kept = entry(row.code, viewer=town.provider.contact, compare=(1, 2))
    assert [v.number for v in kept.versions] == [2, 1]
    assert [(c.field, c.item) for c in kept.changes] == [("", "abstract"), ("lxdh", "")]


def test_a_dropped_revision_leaves_what_is_in_force_and_its_number_is_not_used_again():
    town = a_town()
    row = published(town)
    changed = replace(row.versions.get().entry, abstract="甲")
    actions.amend(code=row.code, proposal=changed, reason="改", by=town.provider.contact)
    row = procedure.abandon(code=row.code, by=town.provider.contact)
    assert (row.state, row.version, row.version_in_force) == ("published", 1, 1)
    again = replace(changed, abstract="乙")
    row = actions.amend(code=row.code, proposal=again, reason="改", by=town.provider.contact)
    assert row.version == 3


def test_a_revision_that_changes_nothing_is_refused():
    town = a_town()
    row = published(town)
    with pytest.raises(errors.NothingChanged):
        actions.amend(
            code=row.code,
            proposal=row.versions.get().entry,
            reason="没有改",
            by=town.provider.contact,
        )


def test_versions_are_kept_as_they_were():
    row = a_draft(a_town())
    version = ResourceVersion.objects.get(resource=row)
    assert version.entry.digest == version.digest


def test_drafts_are_seen_by_their_owner_and_the_reviewer_published_entries_by_all_departments():
    town = a_town()
    draft = a_draft(town)
    open_data = published(town, firms_entry())
    stranger, person = town.requester.contact, Actor("account:999", kind="person")
    seen = {
        "owner": town.provider.contact,
        "reviewer": town.reviewer,
        "stranger": stranger,
        "person": person,
    }
    found = {who: [r.code for r in entries(viewer=viewer).rows] for who, viewer in seen.items()}
    assert found["owner"] == found["reviewer"] == [open_data.code, draft.code]
    assert found["stranger"] == found["person"] == [open_data.code]
    with pytest.raises(errors.ResourceUnknown):
        resource(draft.code, viewer=stranger)


def test_a_list_is_found_by_words_of_a_data_item_and_narrowed():
    town = a_town()
    relief = published(town)
    societies = published(town, firms_entry())
    viewer = town.requester.contact

    def codes(**filters: str) -> list[str]:
        return [r.code for r in entries(viewer=viewer, filters=Filters(**filters)).rows]

    assert codes(text="身份证") == [relief.code]
    assert codes(text="社会组织") == [societies.code]
    assert codes(text="民政") == [societies.code, relief.code]
    assert codes(text="没有这样的") == []
    assert codes(share_type="conditional") == [relief.code]
    assert codes(state="draft") == []
    assert codes(owner=town.provider.agency.code) == [societies.code, relief.code]


def test_pages_neither_skip_nor_repeat_while_entries_are_filed():
    town = a_town()
    filed = [a_draft(town, people_entry(f"名单{n}")).code for n in range(5)]
    viewer = town.provider.contact
    first = entries(viewer=viewer, limit=2)
    a_draft(town, people_entry("后来的"))
    second = entries(viewer=viewer, after=first.after, limit=2)
    third = entries(viewer=viewer, after=second.after, limit=2)
    rows = [r.code for page in (first, second, third) for r in page.rows]
    assert rows == filed[::-1]
    assert (first.total, third.after) == (5, 0)


def test_an_entry_is_found_by_code_number_or_name_and_the_nearest_are_offered():
    town = a_town()
    row = published(town)
    viewer = town.requester.contact
    for asked in (row.code, str(row.pk), f" {row.name} "):
        assert resource(asked, viewer=viewer) == row
    with pytest.raises(errors.ResourceUnknown, match=row.code):
        resource("生活保障", viewer=viewer)


def test_a_name_that_two_agencies_use_asks_for_the_code():
    town = a_town()
    mine = published(town)
    other = actions.draft(
        proposal=replace(people_entry(), owner=town.requester.agency.name),
        by=town.requester.contact,
    )
    with pytest.raises(errors.NameShared, match=f"{mine.code}、{other.code}"):
        resource(mine.name, viewer=town.requester.contact)


def test_the_export_has_the_nine_entries_of_article_13():
    town = a_town()
    row = published(town)
    (line,) = export_rows(viewer=town.reviewer)
    assert line["资源代码"] == row.code
    assert line["数据项"] == "身份证号、姓名、联系电话、保障状态、起始日期"
    assert line["数据更新频率"] == "不定期（待核实）"
    assert set(line) >= {
        "数据目录名称", "提供单位", "数据格式", "共享属性", "共享方式", "使用条件", "数据分类分级",
    }  # fmt: skip


def test_the_database_defends_itself():
    town = a_town()
    row = a_draft(town)
    for wrong in (
        {"share_type": "withheld"},
        {"grade": "core"},
        {"state": "published"},
        {"state": "gone"},
        {"state": "retired"},
        {"version_in_force": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Resource.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Field.objects.filter(resource=row).update(is_key=True)


def test_a_record_that_fails_undoes_the_change(monkeypatch):
    town = a_town()
    row = a_draft(town)

    def fails(*_args, **_more):
        raise RuntimeError("the ledger is gone")

    monkeypatch.setattr(rows, "record", fails)
    with pytest.raises(RuntimeError):
        procedure.submit(code=row.code, by=town.provider.contact)
    assert Resource.objects.get(pk=row.pk).state == State.DRAFT


def test_the_timeline_tells_each_step_in_a_sentence_newest_first():
    town = a_town()
    row = published(town)
    said = [line.sentence for line in entry(row.code, viewer=town.provider.contact).timeline]
    assert said[0] == f"数据主管部门审核通过并发布目录{row.code}第1版"
    assert said[-1] == f"编制目录{row.code}第1版草稿，5个数据项"
    assert said[1].startswith("部门负责人审核同意")
    assert len(said) == 6
