"""`yitong bench`: how fast the node is, beside the limit and a rival measured in the same run."""

import click

from yitong.cli.bench import NAMES, SIZED, measure
from yitong.cli.node import speaking
from yitong.cli.speech import FAILED, Speech, coloured, table
from yitong.cli.words import _


@click.command(help=_("测速：{names}。达不到标准时退出码为 1。").format(names="、".join(NAMES)))
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--rows",
    type=click.IntRange(1_000),
    help=_("用多少行来测（只用于 {names}；不写就是标准所要的行数）").format(
        names="、".join(sorted(SIZED))
    ),
)
@speaking
def bench(speech: Speech, name: str, rows: int | None) -> int:
    if rows is not None and name not in SIZED:
        raise click.UsageError(_("--rows 只用于 {names}").format(names="、".join(sorted(SIZED))))
    result = measure(name, speech.note, rows=rows)
    said = [
        (_("结果"), f"{result.figure:g} {result.unit}"),
        (_("极限"), _of(result.limit, result.ratio_to_limit, result.unit)),
        (_("对照"), _of(result.rival, result.ratio_to_rival, result.unit)),
        (_("标准"), result.bar),
        (_("结论"), coloured(_("达到"), "ok") if result.ok else coloured(_("没有达到"), "fail")),
    ]
    speech.answer(result.as_json(), table(said))
    return 0 if result.ok else FAILED


def _of(figure: float | None, ratio: float | None, unit: str) -> str:
    if figure is None:
        return "–"
    return f"{figure:g} {unit}" + (f"（{ratio:.2f}）" if ratio is not None else "")
