"""`yitong predicate`: what a rule about rows means, how many rows it lets through, and why one row or not."""

import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from yitong.cli.commands.call import Answered, Question, read, refuse
from yitong.cli.errors import InputMissing, OnlySealed, RowsElsewhere
from yitong.cli.node import Node, on_node
from yitong.cli.speech import table
from yitong.cli.words import _
from yitong.kernel import clock
from yitong.kernel.errors import Refusal
from yitong.kernel.predicates import (
    Field,
    Predicate,
    Schema,
    Trace,
    Words,
    in_words,
    parse,
    read_row,
    split,
    to_sql,
    trace,
)
from yitong.kernel.predicates.schema import KIND_WORDS

if TYPE_CHECKING:
    from yitong.data.sources.api import RowStatement

_LONGEST = 1 << 20
Command = Callable[..., Any]


def _about_a_rule(command: Command) -> Command:
    """What every command asks: a rule about a resource's rows, or that of a grant; and a day."""
    for option in (
        click.option(
            "--grant", type=int, metavar="ID", help=_("用这项授权的规则，不写 RESOURCE 和 RULE")
        ),
        click.option(
            "--on",
            type=click.DateTime(["%Y-%m-%d"]),
            default=None,
            help=_("按哪一天判断（默认今天）"),
        ),
        click.argument("rule", metavar="RULE", default=""),
        click.argument("resource", metavar="RESOURCE", default=""),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule about a resource's rows, read against what its table keeps."""

    code: str
    name: str
    schema: Schema
    predicate: Predicate
    words: Words
    statement: "RowStatement | None"  # None where no rows are copied here
    grant: int | None = None

    @property
    def on(self) -> dt.date:
        return self.words.on or clock.today()

    def facts(self) -> dict[str, Any]:
        return {
            "resource": self.code,
            "grant": self.grant,
            "rule": self.predicate.text,
            "on": self.on.isoformat(),
            "words": in_words(self.predicate, self.words),
            "digest": self.predicate.digest,
        }


@click.group(
    help=_("关于数据行的规则：说明白它的意思，数一数放行多少行，说清一行为什么放行或不放行。")
)
def predicate() -> None:
    """Everything about rules."""


@predicate.command(
    help=_("用一句话说明规则的意思，列出用到的数据项。RULE 写 - 从标准输入读；写错的地方会指出来。")
)
@_about_a_rule
@on_node
def explain(node: Node, **options: Any) -> None:  # noqa: ANN401 - what each option's type made
    asked = _asked(node, options)
    parts = split(asked.predicate)
    document = {
        **asked.facts(),
        "fields": [_plain(held) for held in asked.predicate.fields],
        "judged_in_clear": in_words(parts.clear, asked.words) if parts.clear else None,
        "judged_after_opening": in_words(parts.sealed, asked.words) if parts.sealed else None,
        "sql": to_sql(parts.clear, "postgresql", on=asked.on).text if parts.clear else None,
    }
    rows = [(_("意思"), document["words"])]
    if parts.sealed:
        rows.append((_("先按明文筛选"), document["judged_in_clear"] or _("没有")))
        rows.append((_("打开后再判断"), document["judged_after_opening"]))
    rows += [(_("数据项"), _told(held)) for held in asked.predicate.fields]
    node.speech.answer(document, table(rows))


@predicate.command(
    help=_("数一数现在放行多少行：只看明文的列，不打开任何人的数据。涉及密封数据项的，给出上限。")
)
@_about_a_rule
@on_node
def count(node: Node, **options: Any) -> None:  # noqa: ANN401 - what each option's type made
    asked = _asked(node, options)
    parts = split(asked.predicate)
    if asked.statement is None:
        raise RowsElsewhere(resource=asked.name)
    if parts.clear is None:
        raise OnlySealed(fields="、".join(held.words for held in asked.predicate.fields))
    found = asked.statement.count(parts.clear, on=asked.on)
    sealed = [held.name for held in asked.predicate.sealed_fields]
    document = {
        **asked.facts(),
        "met": None if sealed else found.met,  # what is sealed can only take rows away
        "at_most": found.met,
        "unmet": found.unmet,
        "unknown": found.unknown,
        "total": found.total,
        "judged_after_opening": sealed,
    }
    rows = [
        (_("意思"), document["words"]),
        (_("最多放行") if sealed else _("放行"), _("{n:,} 行").format(n=document["at_most"])),
        (_("不放行"), _("{n:,} 行").format(n=found.unmet)),
        (_("不知道"), _("{n:,} 行").format(n=found.unknown)),
        (_("一共"), _("{n:,} 行").format(n=found.total)),
    ]
    if sealed:
        rows.append((_("打开后再判断"), "、".join(sealed)))
    node.speech.answer(document, table(rows))


@predicate.command(
    help=_(
        "说清一行为什么放行、不放行或者不知道。--set 写假设的值，不读任何人的数据；--key 经网关读一个人，要有授权和目的，每次都留下使用记录。"
    )
)
@_about_a_rule
@click.option("--set", "given", multiple=True, metavar="ITEM=VALUE", help=_("假设的值，可以写几个"))
@click.option("--key", default="", help=_("要查的人或单位的号码；写 - 从标准输入读"))
@click.option("--purpose", default="", help=_("使用目的的代号"))
@click.option(
    "--client", envvar="YITONG_CLIENT", default="", metavar="CLIENT", help=_("接入凭证编号")
)
@click.option("--url", envvar="YITONG_URL", default="", help=_("节点的地址（默认为本机节点）"))
@on_node
def check(node: Node, **options: Any) -> int:  # noqa: ANN401 - what each option's type made
    asked = _asked(node, options)
    given: Sequence[str] = options.pop("given")
    if bool(given) is bool(options["key"]):
        raise click.UsageError(_("--set 和 --key 要写其中一种"))
    if given:
        _explain_row(node, asked, _pairs(given, asked.schema), None)
        return 0
    if not options["purpose"]:
        raise click.UsageError(_("用 --key 查一个人，要写明 --purpose"))
    fields = tuple(held.name for held in asked.predicate.fields)
    question = Question(resource=asked.code, fields=fields, data=node.place.directory, **options)
    try:
        answer = read(question)
    except Answered as said:
        return refuse(node.speech, said)
    rows = answer.get("rows") or [{}]
    _explain_row(node, asked, rows[0], answer.get("entry"))
    return 0


def _asked(node: Node, options: dict[str, Any]) -> Asked:
    """The rule that the options name; takes them out of `options`."""
    from yitong.data.catalogue.api import entry

    given = {name: options.pop(name) for name in ("resource", "rule", "grant", "on")}
    resource, rule = _named(node, given)
    on: dt.datetime | None = given["on"]
    found = entry(resource, viewer=node.actor)
    statement = _statement(found.resource.table_key)
    clear = None if statement is None else statement.plan.visible
    schema = found.rule_schema(clear)
    words = Words(translate=_, on=on.date() if on else clock.today(), region_name=_region_name)
    return Asked(
        found.resource.code,
        found.resource.name,
        schema,
        parse(rule, schema),
        words,
        statement,
        given["grant"],
    )


def _named(node: Node, given: Mapping[str, Any]) -> tuple[str, str]:
    """Resource and rule, both of the command or both of a grant."""
    from yitong.data.sharing.api import row_rules

    if given["grant"] is None:
        if not (given["resource"] and given["rule"]):
            raise click.UsageError(_("写明 RESOURCE 和 RULE，或者用 --grant 指一项授权"))
        return given["resource"], _text(given["rule"])
    if given["resource"]:
        raise click.UsageError(_("用了 --grant，就不再写 RESOURCE 和 RULE"))
    ruled = row_rules.ruled_grant(given["grant"], viewer=node.actor)
    return ruled.resource.code, ruled.row_rule


def _statement(table_key: str) -> "RowStatement | None":
    from yitong.data.sources.api import row_statement

    try:
        return row_statement(table_key)
    except Refusal:
        return None


def _text(rule: str) -> str:
    if rule != "-":
        return rule
    # One character more than a rule may have is enough to refuse it.
    text = sys.stdin.read(_LONGEST)
    if not text:
        raise InputMissing(what=_("规则"), how=_("写在命令里，或从标准输入给出。"))
    return text.rstrip("\n")


def _region_name(code: str) -> str:
    from yitong.base.regions.api import region

    try:
        return "".join(region(code).path[-2:])
    except Refusal:
        return ""


def _pairs(given: Sequence[str], schema: Schema) -> dict[str, str]:
    found = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or schema.get(name.strip()) is None:
            raise click.BadParameter(
                _("写成 数据项=值，例如 出生日期=1946-11-22"), param_hint="--set"
            )
        found[name.strip()] = value
    return found


def _explain_row(node: Node, asked: Asked, texts: Mapping[str, str | None], entry: object) -> None:
    row, unread = read_row(asked.predicate.fields, texts)
    found = trace(asked.predicate, row, on=asked.on)
    document = {
        **asked.facts(),
        "answer": found.value,
        "clauses": _clauses(found, asked.words),
        "missing": [held.name for held in found.missing],
        "unread": [held.name for held in unread],
        "entry": entry,
    }
    lines = found.tell(asked.words)
    if unread:
        names = "、".join(held.words for held in unread)
        lines.append(_("读不懂或被遮盖、当作不知道的：{names}").format(names=names))
    if entry is not None:
        lines.append(_("使用记录：{entry}").format(entry=entry))
    node.speech.answer(document, lines)


def _clauses(found: Trace, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "words": step.says(words),
            "answer": step.answer,
            "decided": step.decided,
            "seen": {
                held.name: None if value is None else words.held(held, value)
                for held, value in step.seen
            },
        }
        for step in found.steps
    ]


def _plain(held: Field) -> dict[str, Any]:
    return {"name": held.name, "kind": held.kind, "sealed": held.sealed}


def _told(held: Field) -> str:
    place = _("密封，打开后才看") if held.sealed else _("明文")
    return f"{held.words}  {_(KIND_WORDS[held.kind])}  {place}"
