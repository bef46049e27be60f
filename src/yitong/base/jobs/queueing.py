"""Putting work into the queue. A job deferred inside a transaction exists only if that commits.

Arguments are stored and logged as they are: keys and codes only, never a person's data.
"""

from collections.abc import Callable
from typing import ParamSpec

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

# 4, 16, 64, 256 seconds: enough for a server that restarts, few enough that a bug is seen the same day.
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)

Arguments = ParamSpec("Arguments")


def task(
    name: str,
) -> Callable[[Callable[Arguments, None]], Callable[Arguments, None]]:
    """Make a function a kind of job. It may run twice if a worker is killed: one transaction, or idempotent."""

    def register(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
        app.task(name=name, retry=RETRY)(function)
        return function

    return register


def defer(name: str, /, **arguments: str | int | bool | None) -> int:
    """Queue a job of a registered kind; its number."""
    return app.configure_task(name, allow_unknown=False).defer(**arguments)
