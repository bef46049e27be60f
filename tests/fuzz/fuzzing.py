"""One target under libFuzzer, coverage-guided through our own code (`tools/fuzz.py` starts this for each)."""

import os
import sys

import atheris

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")

with atheris.instrument_imports(
    include=["yitong.data.sources", "yitong.base.files", "yitong.kernel.predicates"]
):
    import django

    django.setup()
    from tests.fuzz.targets import TARGETS


def main(arguments: list[str]) -> None:
    name = arguments.pop(1)
    target = TARGETS[name]
    atheris.Setup([*arguments, f"-max_len={target.longest}"], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
