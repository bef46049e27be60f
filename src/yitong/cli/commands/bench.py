"""`yitong bench`: how fast the node is, beside the limit and a rival measured in the same run."""

import click

from yitong.cli.bench import NAMES, measure
from yitong.cli.node import speaking
from yitong.cli.speech import FAILED, Speech, coloured, table
from yitong.cli.words import _


@click.command(help=_("测速：{names}。达不到标准时退出码为 1。").format(names="、".join(NAMES)))
@click.argument("name", type=click.Choice(NAMES))
@speaking
def bench(speech: Speech, name: str) -> int:
    result = measure(name, speech.note)
    rows = [
        (_("结果"), f"{result.figure:g} {result.unit}"),
        (_("极限"), _of(result.limit, result.ratio_to_limit, result.unit)),
        (_("对照"), _of(result.rival, result.ratio_to_rival, result.unit)),
        (_("标准"), result.bar),
        (_("结论"), coloured(_("达到"), "ok") if result.ok else coloured(_("没有达到"), "fail")),
    ]
    speech.answer(result.as_json(), table(rows))
    return 0 if result.ok else FAILED


def _of(figure: float | None, ratio: float | None, unit: str) -> str:
    if figure is None:
        return "–"
    return f"{figure:g} {unit}" + (f"（{ratio:.2f}）" if ratio is not None else "")
