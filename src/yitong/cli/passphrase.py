"""The passphrase of a copy of the keys: from the environment, a terminal or standard input, never an argument."""

import os
import sys

import click

from yitong.cli.errors import InputMissing
from yitong.cli.words import _

VARIABLE = "YITONG_PASSPHRASE"


def passphrase(*, is_new: bool = False) -> str:
    """`is_new` asks twice on a terminal: a slip of the finger would lock the copy for ever."""
    if given := os.environ.get(VARIABLE):
        return given
    if sys.stdin.isatty():
        return str(click.prompt(_("口令"), hide_input=True, confirmation_prompt=is_new, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        how = _("放在环境变量 {name} 里，或从标准输入给出一行。").format(name=VARIABLE)
        raise InputMissing(what=_("口令"), how=how)
    return line
