"""The catalogue's work for the worker: files that stewards hand in, and letting go of those nobody goes on with."""

from yitong.base.jobs.api import task
from yitong.data.catalogue.uploads import JOB, expire
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


@task(JOB)
def work_upload(upload: int) -> None:
    """Look at a file, or load what was filed of it. Readers and matchers are imported where there is work for them."""
    from yitong.data.catalogue.reading import work

    work(upload)


def _expire() -> None:
    expire(by=Actor.system("schedules"))


SCHEDULES = (Schedule("catalogue.expire_uploads", "35 2 * * *", _expire),)
