"""What messages does when others' events happen."""

from yitong.base.messages.actions import Recipient, send
from yitong.base.messages.messages import CONTACT_CHANGED
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Reaction, RecordedEntry

TELLER = Actor.system("messages")


def _tell_contact_changed(entry: RecordedEntry) -> None:
    send(
        by=TELLER,
        to=Recipient(account=f"account:{entry.about.key}"),
        template=CONTACT_CHANGED,
        facts={},
        about=entry.about,
        key=f"contact_changed:{entry.index}",
    )


REACTIONS = (
    Reaction("messages.contact_changed", ("identity.contact_set",), _tell_contact_changed),
)
