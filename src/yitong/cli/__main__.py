"""`python -m yitong.cli`: the same as `yitong`, for processes that must not depend on PATH."""

from yitong.cli.main import main

if __name__ == "__main__":
    main()
