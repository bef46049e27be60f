"""What the runner records about itself."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

ENTRY_PARKED = Event(
    "jobs.entry_parked",
    N_("“{reaction}”处理账本第{index}条时出错（{error}），已搁置"),
    ("reaction", "index", "error"),
)
PARKED_RETRIED = Event(
    "jobs.parked_retried",
    N_("“{reaction}”重新处理账本第{index}条"),
    ("reaction", "index"),
)
REACTION_REPLAYED = Event(
    "jobs.reaction_replayed",
    N_("“{reaction}”从账本第{after}条之后重新读起"),
    ("reaction", "after"),
)
SCHEDULE_RUN = Event(
    "jobs.schedule_run",
    N_("定时任务“{schedule}”被提前运行了一次"),
    ("schedule",),
)

EVENTS = (ENTRY_PARKED, PARKED_RETRIED, REACTION_REPLAYED, SCHEDULE_RUN)
