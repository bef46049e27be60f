"""A command that kills itself with SIGKILL at a stage that the test names: nothing can be cleaned up."""

import os
import subprocess
import sys

# `die` and `after` are there for the stage; `prepared(code)` runs code once Django is set up.
_PROGRAM = """
import os, signal, sys, time
from pathlib import Path

def die(*ignored, **also):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function, times=1):
    left = [times]
    def killing(*arguments, **options):
        result = function(*arguments, **options)
        left[0] -= 1
        if not left[0]:
            die()
        return result
    return killing

def prepared(change):
    from yitong.cli import node
    set_up = node.set_up_django
    def set_up_django(*arguments):
        set_up(*arguments)
        change()
    node.set_up_django = set_up_django

{stage}
from yitong.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def killed(stage: str, *arguments: object, **environment: str) -> int:
    """How the command ended: -SIGKILL where the stage was reached."""
    process = subprocess.run(
        [sys.executable, "-c", _PROGRAM.replace("{stage}", stage), *map(str, arguments)],
        env={**os.environ, **environment}, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return process.returncode
