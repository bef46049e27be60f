"""`yitong demo`: a made-up city on a node of its own."""

import importlib
from pathlib import Path

import click

from yitong.cli.node import data_option
from yitong.cli.words import _


@click.command(help=_("演示：在自己的节点上布置虚构的澜宁市（全部为合成数据），直到按 Ctrl-C。"))
@click.option("--once", is_flag=True, help=_("讲完故事就结束，退出码 0 或 1"))
@click.option(
    "--json",
    "report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("把结果写成 JSON 文件"),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听的地址"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=_("监听的端口")
)
@data_option
def demo(*, once: bool, report: Path | None, data: Path | None, host: str, port: int) -> int:
    story = importlib.import_module("yitong.demo.run")
    return int(story.main(once=once, report=report, data=data, host=host, port=port))
