"""What sharing does when others' events happen."""

from yitong.data.sharing.endings import end_with_resource
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Reaction, RecordedEntry


def _end_with_resource(entry: RecordedEntry) -> None:
    end_with_resource(resource_code=entry.about.key, by=Actor.system("reactions"))


REACTIONS = (Reaction("sharing.end_with_resource", ("catalogue.retired",), _end_with_resource),)
