"""履责台账: numbers that open exactly their rows, the same on paper, and equal to what the ledger says."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.duties import actions
from yitong.base.duties.api import admonitions
from yitong.base.duties.api import book as books
from yitong.base.duties.errors import AdmonitionSettled, NotMissed
from yitong.base.duties.models import Admonition, Duty
from yitong.base.identity.models import Account
from yitong.base.ledger.api import sequence_all, sequenced
from yitong.base.messages.models import Message
from yitong.kernel import clock
from yitong.portals.bureau.performance import period_of

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("city"),
]


@pytest.fixture
def city(node_keys):  # noqa: F811
    with kinds_installed():
        city = a_duty_city()
        with clock.frozen(at(NOW)):
            actions.meet(city.duties["extended"].pk, outcome="agreed", by=city.bureau.clerk)
            yield city


def browser_of(actor):
    return log_in(Account.objects.get(pk=int(actor.account.partition(":")[2])).username)


def said(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def year() -> books.Asked:
    return books.Asked(*period_of("2026"))


def test_the_parts_make_the_total_and_each_number_opens_its_rows(city):
    book = books.book(viewer=city.bureau.reviewer, asked=year())
    whole = book.whole
    assert (whole.total, whole.on_time, whole.extended, whole.missed) == (3, 1, 1, 1)
    assert whole.total == sum(
        (whole.on_time, whole.extended, whole.missed, whole.deemed, whole.waived)
    )
    for result in ("on_time", "extended", "missed", "deemed"):
        rows = books.book(
            viewer=city.bureau.reviewer, asked=books.narrowed(year(), result, 50)
        ).rows
        assert len(rows) == getattr(whole, result)
    assert sum(line.total for line in book.kinds) == whole.total
    assert [line.name for line in book.articles] == ["《政务数据共享条例》第三十九条第四项"]


def test_the_book_says_what_the_ledger_says(city):
    sequence_all()
    judged = {}
    for entry in sequenced(["duties.met", "duties.missed", "duties.deemed"], after=-1, limit=1000):
        result = "missed" if entry.event == "duties.missed" else entry.facts.get("result", "deemed")
        judged.setdefault(entry.facts["duty"], result)
    assert judged == dict(Duty.objects.exclude(result="").values_list("pk", "result"))


def test_a_department_sees_its_own_and_the_authority_its_division(city):
    own = books.book(viewer=city.bureau.clerk, asked=year())
    assert own.whole.total == 3
    assert books.book(viewer=city.bureau.mayor, asked=year()).whole.total == 0


def test_the_page_tells_who_was_late_with_what_and_which_article(city):
    text = said(browser_of(city.bureau.reviewer).get("/bureau/performance/"))
    for words in (
        "没有按期的1件",
        "答复共享申请：不动产登记信息",
        "第三十九条第四项",
        "督办：",
        "合计",
    ):
        assert words in text
    filtered = said(
        browser_of(city.bureau.reviewer).get("/bureau/performance/?result=missed&period=2026Q3")
    )
    assert "1件" in filtered
    assert "这段时间没有到期的事" in said(
        browser_of(city.bureau.reviewer).get("/bureau/performance/?period=2025")
    )
    odd = browser_of(city.bureau.reviewer).get(
        "/bureau/performance/?period=99999&result=x&page=-1&article=x"
    )
    assert odd.status_code == 200


def test_the_workbook_holds_the_numbers_and_every_row(city):
    answer = browser_of(city.bureau.reviewer).get("/bureau/performance/paper.xlsx?period=2026")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="yitong-performance-20261013.xlsx"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        sheets = [name for name in made.namelist() if name.startswith("xl/worksheets/")]
        first, details = (
            ElementTree.fromstring(made.read(name)) for name in (sheets[0], sheets[-1])
        )
    assert len(sheets) == 4
    numbers = [node.text for node in first.iter() if node.tag.endswith("}v")]
    assert numbers[:4] == ["3", "1", "1", "1"]
    texts = [node.text for node in details.iter() if node.tag.endswith("}t")]
    assert "答复共享申请：不动产登记信息" in texts
    assert sum(1 for node in details.iter() if node.tag.endswith("}row")) == 4


def test_the_document_is_one_to_sign_and_file(city):
    import docx

    answer = browser_of(city.bureau.reviewer).get("/bureau/performance/paper.docx?period=2026")
    document = docx.Document(io.BytesIO(answer.content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "履责台账"
    assert "截至2026-10-13 10:20" in texts[1]
    assert document.tables[0].rows[1].cells[1].text == "3"
    assert "第三十九条第四项" in document.tables[-1].rows[1].cells[4].text


def test_an_urging_is_signed_once_by_a_name_and_the_other_side_is_told(city):
    proposal = Admonition.objects.get()
    address = f"/bureau/admonitions/{proposal.pk}/"
    assert browser_of(city.bureau.mayor).get(address).status_code == 404
    assert browser_of(city.bureau.clerk).post(address, {"words": "x"}).status_code == 403
    reviewer = browser_of(city.bureau.reviewer)
    assert reviewer.post(address, {"words": " "}).status_code == 422
    assert reviewer.post(address, {"words": "三个工作日内答复", "act": "sign"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == ("signed", city.bureau.reviewer.account)
    assert Message.objects.filter(template="duties.admonished").count() == 1
    assert reviewer.post(address, {"words": "再来", "act": "sign"}).status_code == 409
    with pytest.raises(AdmonitionSettled):
        admonitions.sign(admonition=proposal.pk, words="x", by=city.bureau.reviewer, declines=True)


def test_a_leader_proposes_a_public_notice_of_what_was_missed(city):
    reviewer = browser_of(city.bureau.reviewer)
    missed = city.duties["missed"].pk
    wrong = reviewer.post("/bureau/performance/propose/", {"form": "notice", "ground": "多次逾期"})
    assert wrong.status_code == 422
    given = {"form": "notice", "ground": "多次逾期", "duty": [missed]}
    assert reviewer.post("/bureau/performance/propose/", given).status_code == 302
    assert Admonition.objects.filter(form="notice", duties=[missed]).count() == 1
    with pytest.raises(NotMissed):
        admonitions.propose(
            form="urge", duties=[city.duties["running"].pk], ground="x", by=city.bureau.reviewer
        )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026Q3", ("2026-07-01", "2026-09-30")),
        ("2026Q4", ("2026-10-01", "2026-12-31")),
        ("2026-02", ("2026-02-01", "2026-02-28")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("", ("2026-01-01", "2026-10-13")),
        ("2026Q9", ("2026-01-01", "2026-12-31")),
    ],
)
def test_periods_are_whole(text, days, node_keys):  # noqa: F811
    with clock.frozen(at(NOW)):
        assert tuple(map(str, period_of(text))) == days
