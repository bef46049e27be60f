"""逾期以后告知谁、违反哪一条：政务数据共享条例 38–41 和各法"""

import pytest

from tests.factories.agencies import OPERATOR, an_agency
from tests.factories.duties import ANSWER, PETITION, Bureau, a_duty, at
from yitong.base.duties import errors
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import Admonition, Escalation, Miss
from yitong.base.duties.oversight import appoint_overseer, rungs_of
from yitong.base.duties.seed import breaches
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis

SHARING = "政务数据共享条例"


def missed(bureau: Bureau, **more: object) -> None:
    with clock.frozen(at("2026-09-14 09:00")):
        a_duty(bureau, **{"start": at("2026-09-14 09:00")} | more)
    with clock.frozen(at("2027-03-01 00:00")):
        expire_due(by=Actor.system("duties"))


@pytest.mark.furnished("bureau")
def test_a_departments_miss_is_told_to_the_data_authority_of_the_same_level(bureau):
    """政务数据共享条例 art. 39: 由同级政务数据共享主管部门责令改正."""
    missed(bureau)
    told = Escalation.objects.get()
    assert (told.agency, told.basis_article) == (bureau.authority, "39")


@pytest.mark.furnished("bureau")
def test_the_authoritys_own_miss_is_told_to_its_government(bureau):
    """政务数据共享条例 art. 41: 由本级人民政府或者上级主管部门责令改正."""
    missed(bureau, agency=bureau.authority.code, post=bureau.reviewer.post)
    told = Escalation.objects.get()
    assert (told.agency, told.basis_article) == (bureau.government, "41")


@pytest.mark.furnished("bureau")
def test_a_late_petition_is_told_to_the_office_for_letters_and_visits(bureau):
    """信访工作条例 art. 40: 党委和政府信访部门……应当及时督办."""
    office = an_agency("澜宁市信访局", kind="党委")
    appoint_overseer(
        body="petition_office",
        region="890102",
        agency_code=office.code,
        basis="三定方案",
        by=OPERATOR,
    )
    missed(bureau, kind=PETITION)
    assert Escalation.objects.get().agency == office


@pytest.mark.furnished("bureau")
def test_supervision_is_never_told_automatically(bureau):
    """政务数据共享条例 art. 39: 责令改正的是主管部门；监察机关依法独立行使职权，不由系统告知."""
    watchdog = an_agency("澜宁市监察委员会", kind="其他")
    with pytest.raises(errors.OverseerUnfit):
        appoint_overseer(
            body="petition_office",
            region="890102",
            agency_code=watchdog.code,
            basis="无",
            by=OPERATOR,
        )


@pytest.mark.parametrize(
    ("limit", "article"),
    [
        ("DSR-17a", "39(一)"),
        ("DSR-21a", "39(四)"),
        ("DSR-21b", "39(四)"),
        ("DSR-22", "39(四)"),
        ("DSR-26", "39(六)"),
    ],
)
def test_each_miss_of_a_provider_maps_to_its_item_of_article_39(limit, article):
    """政务数据共享条例 art. 39: 未按照要求更新目录、未按时答复或者共享、未按时核实更正."""
    assert breaches()[limit] == Basis(SHARING, article)


@pytest.mark.furnished("bureau")
def test_a_miss_stands_in_the_book_with_the_article_that_it_breaks(bureau):
    """政务数据共享条例 arts. 38, 39: 报告及时性；未按时答复政务数据共享申请."""
    missed(bureau, kind=ANSWER)
    assert str(Basis(Miss.objects.get().article_act, Miss.objects.get().article)) == (
        "《政务数据共享条例》第三十九条第四项"
    )


@pytest.mark.furnished("bureau")
def test_the_system_only_proposes_an_urging(bureau):
    """政务数据共享条例 art. 29: 监督……由具名的人签发."""
    missed(bureau)
    proposal = Admonition.objects.get()
    assert (proposal.state, proposal.settled_by) == ("proposed", "")


def test_the_hotlines_misses_go_to_its_body_and_then_to_the_office():
    """潍坊市12345政务服务便民热线条例 art. 26: 市12345热线工作机构负责热线事项日常督办工作."""
    assert [rung.body for rung in rungs_of("12345")] == ["hotline", "city_office"]
