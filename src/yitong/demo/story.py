"""The story, through HTTP and the command line only: a file becomes governed data with a provable record of every use."""

import datetime as dt
import html
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yitong.demo.child import Machine
from yitong.demo.late_answer import LateAnswer
from yitong.demo.rows import HEROINE, HUSBAND, residents
from yitong.demo.steps import Report, Step, StepFailed, until
from yitong.demo.visitor import Visitor
from yitong.demo.words import _
from yitong.kernel import clock
from yitong.kernel.errors import N_

SAMPLE = "people-gb18030.csv"
OWNER, ENTRY = "澜宁市民政局", "困难群众救助发放名册"
READER, PURPOSE = "澜宁市社会保险服务中心", "pension-entitlement"
FUND, FUND_PURPOSE = "澜宁市住房公积金管理中心", "housing-fund"
CONFLICT = 5  # exit code: the name is taken
FIELDS = "身份证号,状态,起始日期"
WITHIN_S = 60  # a use is in the footprint within a minute
_KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')
_PROOF = re.compile(r'href="(/my/footprint/\d+/proof\.json)"')


@dataclass(frozen=True, slots=True)
class Shared:
    """The entry of this story, its reader's client and token."""

    resource: str
    client_id: str
    token: str


@dataclass(slots=True)
class Story:
    """One telling of it; `mark` tells it from earlier ones on the same node."""

    machine: Machine
    report: Report
    mark: str
    passwords: Mapping[str, str] = field(repr=False)
    entry: str = ENTRY

    def tell(self) -> None:
        """Every step in order; the first that fails ends it."""
        public = Visitor(self.machine.address)
        kept = self._checkpoint(public)
        resource = self._share()
        shared = self._grant(resource, public)
        self._read(shared, public)
        self._refused(shared, public)
        self._spouse_check(public)
        citizen = self._log_in()
        self._let_him(citizen)
        page = self._footprint(citizen)
        self._proof(citizen, page, kept)
        LateAnswer(self.machine, self.report, self.passwords).tell()
        self._ledger()

    def _checkpoint(self, public: Visitor) -> str:
        with self.report.step("checkpoint", N_("先抄下账本现在的检查点")) as step:
            note = until(lambda: _note(public), seconds=WITHIN_S, what="/ledger/checkpoint")
            step.detail = _("签到{size}条").format(size=note.split("\n")[1])
        return note

    def _share(self) -> str:
        """A real file that nobody prepared, by the command line."""
        with (
            self.report.step("share", N_("yitong share：把一个没整理过的文件编成目录")) as step,
            tempfile.TemporaryDirectory(prefix="yitong-demo-") as folder,
        ):
            filed = self._filed(sample(Path(folder)))
            if filed["state"] != "published":
                raise StepFailed(f"{filed['state']}: {filed['next']}")
            step.detail = _(
                "{code}，装入{rows}行，{refused}行不合格；演示岗位评估、批准、审核"
            ).format(
                code=filed["resource"],
                rows=filed["rows"]["loaded"],
                refused=filed["rows"]["refused"],
            )
        return str(filed["resource"])

    def _filed(self, path: Path) -> Any:  # noqa: ANN401 - JSON is what it is
        """Under its name, or with this telling's mark where an earlier telling took the name."""
        words = ("share", str(path), "--owner", OWNER, "--yes", "--name")
        try:
            return self.machine.command(*words, self.entry)["filed"]
        except StepFailed as fault:
            if fault.code != CONFLICT:
                raise
        self.entry = f"{ENTRY}（{self.mark}）"
        return self.machine.command(*words, self.entry)["filed"]

    def _grant(self, resource: str, public: Visitor) -> Shared:
        with self.report.step("grant", N_("yitong grant：授权另一个部门按一个目的使用")) as step:
            client = self._client(READER, _("待遇资格核验系统"))
            made = self._granted(resource, client["client_id"], FIELDS, PURPOSE)
            step.detail = f"{made['agency']} · {made['basis']}"
        with self.report.step("token", N_("部门系统用凭据换令牌（HTTP）")):
            token = public.token(client["client_id"], client["secret"])
        return Shared(resource, client["client_id"], token)

    def _client(self, agency: str, name: str) -> dict[str, str]:
        issued: dict[str, str] = self.machine.command(
            "client", "issue", "--agency", agency, "--name", f"{name}（{self.mark}）"
        )
        return issued

    def _granted(
        self, resource: str, client: str, fields: str, purpose: str, *masks: str
    ) -> dict[str, str]:
        until_day = clock.today() + dt.timedelta(days=180)
        words = [word for mask in masks for word in ("--mask", mask)]
        made: dict[str, str] = self.machine.command(
            "grant", resource, "--to", client, "--fields", fields, "--purpose", purpose,
            "--until", until_day.isoformat(), *words,
        )  # fmt: skip
        return made

    def _read(self, shared: Shared, public: Visitor) -> None:
        with self.report.step("read", N_("网关：一次只查一个人，先记账再给数据")) as step:
            answer = until(lambda: _row(public, shared), seconds=WITHIN_S, what=_("授权生效"))
            (row,) = answer["rows"]
            if HEROINE.number in json.dumps(row):
                raise StepFailed(_("号码没有遮盖"))
            step.detail = "、".join(str(value) for value in row.values())

    def _refused(self, shared: Shared, public: Visitor) -> None:
        """The same call for another purpose gives nothing, and is recorded too."""
        with self.report.step("refused", N_("换一个目的再查：不给，也记账")) as step:
            answer = public.read(
                shared.token, shared.resource, key=HEROINE.number, purpose="marketing"
            )
            _expect(step, answer.status, 403)
            step.detail = str(answer.document["detail"])

    def _spouse_check(self, public: Visitor) -> None:
        """Another department gets one yes and no name (starter content D 2)."""
        with self.report.step("yes_or_no", N_("公积金中心核对婚姻登记：只给一个“是”")) as step:
            client = self._client(FUND, _("提取业务系统"))
            found = public.get(f"/api/resources?q={_quoted('婚姻登记信息')}")
            _expect(step, found.status, 200)
            made = self._granted(
                "婚姻登记信息", client["client_id"], "男方身份证号,登记类型", FUND_PURPOSE,
                "男方身份证号=yesno", "登记类型=yesno",
            )  # fmt: skip
            token = public.token(client["client_id"], client["secret"])
            answer = until(
                lambda: _ok(public.read(token, made["resource"], **_spouse())),
                seconds=WITHIN_S,
                what=_("授权生效"),
            )
            step.detail = json.dumps(answer["rows"], ensure_ascii=False)

    def _log_in(self) -> Visitor:
        with self.report.step("log_in", N_("林晓桐用省统一身份认证（模拟）登录，四级")) as step:
            citizen = Visitor(self.machine.address)
            answer = citizen.sign_on(HEROINE.name, 4, "/my/")
            _expect(step, answer.status, 200)
            if citizen.get("/my/").status != 200:
                raise StepFailed(f"{answer.status}")
        return citizen

    def _let_him(self, citizen: Visitor) -> None:
        """亲友代办: given, used, ended, and then refused (民法典 165, 173)."""
        with self.report.step(
            "delegation", N_("她请丈夫代办，他代她办，她收回，他就不能再办")
        ) as step:
            husband = Visitor(self.machine.address)
            husband.sign_on(HUSBAND.name, 3, "/my/")
            until_day = clock.today() + dt.timedelta(days=7)
            given = citizen.form(
                "/my/delegations/new/", name=HUSBAND.name, number=HUSBAND.number, powers="view",
                until=until_day.isoformat(), step="confirm",
            )  # fmt: skip
            _expect(step, given.status, 200)
            key = _KEY.search(husband.get("/my/delegations/").text)
            if key is None:
                raise StepFailed(_("他没有看到授权"))
            husband.form("/my/delegations/", _to="/my/acting/", key=key[1])
            if "正在代" not in husband.get("/my/").text:
                raise StepFailed(_("页面没有写明代谁办"))
            citizen.form(f"/my/delegations/{key[1]}/end/")
            _expect(step, husband.get("/my/").status, 403)
            step.detail = _("收回以后立即拒绝，并记账")

    def _footprint(self, citizen: Visitor) -> str:
        """She sees who, when, which fields and why, within a minute; and nobody's number."""
        with self.report.step("footprint", N_("她在“我的数据足迹”里看到这几次使用")) as step:
            page = until(lambda: self._seen(citizen), seconds=WITHIN_S, what=_("有编号的记录"))
            for words in (READER, FUND, self.entry, "没有给"):
                if words not in page:
                    raise StepFailed(_("页面上没有“{words}”").format(words=words))
            if HEROINE.number in page:
                raise StepFailed(_("页面上有完整的号码"))
            titles = re.findall(r'<h2 class="entry-title">(.*?)</h2>', page)
            step.detail = "；".join(html.unescape(re.sub(r"<[^>]+>", "", t)) for t in titles[:3])
        return page

    def _seen(self, citizen: Visitor) -> str | None:
        page = citizen.get("/my/footprint/").text
        return page if self.entry in page and "正在入账" not in page else None

    def _proof(self, citizen: Visitor, page: str, kept: str) -> None:
        """Checked in a bare Python, without this node, against a checkpoint copied before."""
        with (
            self.report.step("proof", N_("下载凭证，用独立的小程序离线核对")) as step,
            tempfile.TemporaryDirectory(prefix="yitong-demo-") as name,
        ):
            folder = Path(name)
            found = _PROOF.search(page)
            if found is None:
                raise StepFailed(_("页面上没有凭证"))
            proof = citizen.get(found[1])
            _expect(step, proof.status, 200)
            (folder / "proof.json").write_bytes(proof.body)
            (folder / "verify_proof.py").write_bytes(citizen.get("/ledger/verify_proof.py").body)
            (folder / "kept.txt").write_text(kept, encoding="utf-8")
            key = str(proof.document["verifier_key"])
            if key not in html.unescape(citizen.get("/ledger/verify/").text):
                raise StepFailed(_("凭证里的公钥和节点公布的不一样"))
            ran = _checked(folder, key)
            if ran.returncode:
                raise StepFailed(ran.stdout + ran.stderr)
            changed = proof.text.replace('"found": 1', '"found": 2')
            (folder / "proof.json").write_text(changed, encoding="utf-8")
            if changed != proof.text and _checked(folder, key).returncode != 1:
                raise StepFailed(_("改过的凭证没有被发现"))
            step.detail = ran.stdout.strip().splitlines()[0]

    def _ledger(self) -> None:
        with self.report.step("verify", N_("yitong ledger verify：整本账重算一遍")) as step:
            found = self.machine.command("ledger", "verify")
            self.report.size, self.report.verified = int(found["size"]), bool(found["ok"])
            step.detail = _("{size}条，全部对得上").format(size=found["size"])


def _note(public: Visitor) -> str | None:
    answer = public.get("/ledger/checkpoint")
    return answer.text if answer.status == 200 else None


def _ok(answer: object) -> dict[str, list[dict[str, str]]] | None:
    """The document of an answer; none while the grant is not heard of yet (less than a second)."""
    status = getattr(answer, "status", 0)
    if status in {403, 503}:
        return None
    if status != 200:
        raise StepFailed(f"{status}: {getattr(answer, 'text', '')[:300]}")
    return getattr(answer, "document", None)


def _row(public: Visitor, shared: Shared) -> dict[str, list[dict[str, str]]] | None:
    return _ok(public.read(shared.token, shared.resource, key=HEROINE.number, purpose=PURPOSE))


def _spouse() -> dict[str, object]:
    """Asked for by his number, which is the entry's key; the row is hers too, so she sees the use."""
    return {"key": HUSBAND.number, "purpose": FUND_PURPOSE}


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def _expect(step: Step, status: int, wanted: int) -> None:
    if status != wanted:
        raise StepFailed(f"HTTP {status}, {wanted} was wanted ({step.name})")


def _checked(folder: Path, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable, "-I", str(folder / "verify_proof.py"), str(folder / "proof.json"),
            "--key", key, "--checkpoint", str(folder / "kept.txt"),
        ],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def sample(folder: Path) -> Path:
    """The sample of the source tree; without one a small file of the same shape, in GB18030."""
    shipped = Path(__file__).resolve().parents[3] / "samples" / SAMPLE
    if shipped.exists():
        return shipped
    made = folder / SAMPLE
    lines = ["序号,身份证号,姓名,性别,出生日期,户籍地址,区划代码,联系电话,起始日期,状态"]
    lines += [
        f"{number},{one.number},{one.name},{one.sex},{one.born_on},{one.address},{one.county},"
        f"{one.phone},2026-01-01,在册"
        for number, one in enumerate(residents(), 1)
    ]
    made.write_text("\r\n".join(lines) + "\r\n", encoding="gb18030")
    return made
