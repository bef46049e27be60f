"""`yitong share`: from a real table to a catalogue entry, with a proposal that somebody accepts."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from yitong.cli.errors import FileUnwritable
from yitong.cli.filing import Examined, Wanted, examine, file_draft, hand_on, marks_recorded
from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.proposal import as_document, filed_as_document, filed_lines, lines
from yitong.cli.renewal import Again, alike_lines, look_again, renew, said_of
from yitong.cli.renewal import as_document as changed_as_document
from yitong.cli.renewal import lines as changed_lines
from yitong.cli.words import _
from yitong.kernel.actor import Actor

if TYPE_CHECKING:
    from yitong.cli.many import Listed
    from yitong.data.catalogue.api import Wishes

# Options whose values are one of the catalogue's words: option → (its item there).
_CHOSEN = {
    "share_type": "share_type",
    "update_cycle": "update_cycle",
    "category": "category",
    "basis_level": "basis_level",
}


@click.command(
    help=_(
        "共享数据：读取一个文件（CSV、Excel、JSON Lines、Parquet；工作簿里的一张表写 文件#表名）、一个文件夹，"
        "或数据库的表（postgresql://…/库?table=模式.表、mysql://…/库?table=表）和整个模式（?schema=模式），"
        "提出目录建议，写成草稿并载入；有几张表时逐张进行，再次运行只做没有做完和有变化的。"
        "已在目录里的，先看这一期改了什么，数据项不变的换上新数据，变了的成为新的一版。"
        "--dry-run 只看建议；--yes 接受建议并报送审核。"
    )
)
@click.argument("location", metavar="FILE|DIR|URL")
@click.option("--owner", default="", metavar="NAME", help=_("提供单位全称（已登录的取本单位）"))
@click.option("--name", default="", help=_("数据目录名称（默认取文件名或表名）"))
@click.option("--share-type", default="", help=_("共享属性：无条件共享、有条件共享、不予共享"))
@click.option("--basis-level", default="", help=_("不予共享的依据层级：法律、行政法规、国务院决定"))
@click.option(
    "--citation", "basis_citation", default="", help=_("不予共享的条文，如“《××法》第×条”")
)
@click.option("--reason", "withhold_reason", default="", help=_("不予共享的理由"))
@click.option("--cycle", "update_cycle", default="", help=_("数据更新频率，如 每月"))
@click.option("--category", default="", help=_("信息资源分类，如 人口"))
@click.option("--scope", "share_scope", default="", help=_("共享范围"))
@click.option("--purposes", "use_purposes", default="", help=_("使用用途"))
@click.option(
    "--subject-link",
    default="",
    help=_("没有身份号码的，写明经哪个目录的哪一项联到本人（代码#数据项）"),
)
@click.option(
    "--faults", type=click.Path(path_type=Path), metavar="FILE", help=_("把所有问题行写成 CSV")
)
@click.option(
    "--dictionary",
    is_flag=True,
    help=_("文件是数据字典（Excel 或 Word 的表和字段清单）：每张表登记一条目录草稿，没有数据行"),
)
@click.option("--dry-run", is_flag=True, help=_("只看建议，什么也不写"))
@yes_option
@on_node
def share(
    node: Node,
    *,
    location: str,
    faults: Path | None,
    dictionary: bool,
    dry_run: bool,
    yes: bool,
    **said: str,
) -> int:
    if dry_run and yes:
        raise click.UsageError(_("--dry-run 和 --yes 只能用一个"))
    by = node.actor
    owner = _owner(said.pop("owner"), by, is_needed=not dry_run)
    place = location if "://" in location else str(Path(location).absolute())
    wish = "look" if dry_run else "accept" if yes else ""
    tables = _tables_at(place, by, dictionary=dictionary)
    if dictionary or [table.location for table in tables] != [place]:
        _refuse_single_options(said.pop("name"), faults)
        return _share_all(node, tables, Shared(owner, wish, said, dictionary))
    name = said.pop("name")
    wanted = Wanted(place, owner, name, _wishes(place, said))
    examined = examine(wanted, speech=node.speech, by=by)
    if faults:
        _write_faults(examined, faults)
    again = look_again(examined, said_of(wanted.wishes), speech=node.speech, by=by)
    if again is not None:
        return _share_again(node, again, wish)
    node.speech.say(*lines(examined), *alike_lines(examined))
    filed = _filed(node, examined, wish or _asked(node), by)
    if node.speech.as_json:
        node.speech.answer(as_document(examined) | {"filed": filed})
    return 0


def _share_again(node: Node, again: Again, wish: str) -> int:
    """The same table next month: what it changes first, then, if wished, the change."""
    node.speech.say(*changed_lines(again))
    is_settled = again.is_nothing and wish != "look"
    filed = _renewed(node, again, "accept" if is_settled else wish or _asked(node))
    if node.speech.as_json:
        document = as_document(again.examined) | {"change": changed_as_document(again)}
        node.speech.answer(document | {"filed": filed})
    return 0


def _renewed(node: Node, again: Again, wish: str) -> dict[str, Any] | None:
    """New rows hold at once, so they are taken only where somebody says so; a new version is only drafted."""
    if wish == "look" or (wish == "draft" and again.change.is_none):
        if wish == "draft":
            node.speech.say(_("没有换：换上新数据会立即生效，确认以后加 --yes。"))
        return None
    filed = renew(again, speech=node.speech, by=node.actor)
    if wish == "accept" and not again.change.is_none:
        filed = hand_on(filed, is_demo=node.is_demo, by=node.actor)
    node.speech.say(*filed_lines(filed, is_demo=node.is_demo))
    return filed_as_document(filed, is_demo=node.is_demo)


@dataclass(frozen=True, slots=True)
class Shared:
    """What was said of all tables of a place."""

    owner: str
    wish: str
    said: Mapping[str, str]
    is_dictionary: bool


def _tables_at(place: str, by: Actor, *, dictionary: bool) -> "Sequence[Listed]":
    from yitong.data.sources.api import tables_at

    if dictionary:
        from yitong.cli.dictionary import described_tables

        return described_tables(place, by=by)

    with marks_recorded(by):
        return tables_at(place)


def _share_all(node: Node, tables: "Sequence[Listed]", shared: Shared) -> int:
    from yitong.cli.dictionary import look_at_described
    from yitong.cli.many import Run, listed_lines, share_all

    node.speech.say(*listed_lines(tables), "")
    wish = cast("Literal['look', 'draft', 'accept']", shared.wish or _asked(node))
    run = Run(node, shared.owner, wish, node.actor, lambda location: _wishes(location, shared.said))
    return share_all(run, tables, look_at_described if shared.is_dictionary else None)


def _refuse_single_options(name: str, faults: Path | None) -> None:
    if name:
        raise click.UsageError(_("--name 只用于一张表；有几张表时各取自己的名称"))
    if faults:
        raise click.UsageError(_("--faults 只用于一张表；请逐张写出问题行"))


def _filed(node: Node, examined: Examined, wish: str, by: Actor) -> dict[str, Any] | None:
    if wish == "look":
        return None
    filed = file_draft(examined, speech=node.speech, by=by)
    if wish == "accept":
        filed = hand_on(filed, is_demo=node.is_demo, by=by)
    node.speech.say(*filed_lines(filed, is_demo=node.is_demo))
    return filed_as_document(filed, is_demo=node.is_demo)


def _owner(named: str, by: Actor, *, is_needed: bool) -> str:
    """The owner's full name. Asked for before a large file is read: an unknown one is refused at once."""
    from yitong.base.identity.api import agency, agency_named

    if named:
        return str(agency_named(named).name)
    if by.agency:
        return str(agency(by.agency).name)
    if is_needed:
        raise click.UsageError(_("要写明提供单位：--owner NAME"))
    return ""


def _wishes(location: str, wished: Mapping[str, str]) -> "Wishes":
    from yitong.data.catalogue.api import Resource, Wishes

    known = {name: value for name, value in wished.items() if value}
    for option, item in _CHOSEN.items():
        if option in known:
            known[option] = _choice(option, known[option], Resource.CHOICES[item])
    return Wishes(source=location, **known)


def _choice(option: str, said: str, choices: Mapping[str, str]) -> str:
    """A catalogue's code by itself or by its Chinese or translated word."""
    for code, word in choices.items():
        if said in {str(code), word, _(word)}:
            return str(code)
    known = "、".join(_(word) for word in choices.values())
    hint = f"--{option.replace('_', '-').removeprefix('update-')}"
    raise click.BadParameter(
        _("没有“{said}”；可以写：{known}").format(said=said, known=known), param_hint=hint
    )


def _asked(node: Node) -> str:
    """On a terminal one chooses; without one the entry stays a draft until somebody accepts it."""
    if node.speech.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return "draft"
    answers = {"y": "accept", "d": "draft", "n": "look"}
    question = _("接受建议并报送（y），只存草稿（d），还是放弃（n）？")
    chosen = click.prompt(question, type=click.Choice(list(answers)), default="d", err=True)
    return answers[chosen]


def _write_faults(examined: Examined, path: Path) -> None:
    from yitong.data.sources.api import write_faults

    try:
        if examined.reader is not None:
            write_faults(examined.reader, examined.profile, path)
    except OSError as error:
        raise FileUnwritable(path=path, why=error.strerror) from error
