"""Identity's scheduled work."""

from yitong.base.identity.clients import purge_expired
from yitong.base.identity.persons import rekey_persons
from yitong.base.identity.signing import ensure_signing_key
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _rekey() -> None:
    rekey_persons(by=Actor.system("identity"))


def _purge() -> None:
    purge_expired(by=Actor.system("identity"))


def _renew() -> None:
    ensure_signing_key(by=Actor.system("identity"))


SCHEDULES = (
    Schedule("identity.rekey_persons", "*/10 * * * *", _rekey),
    Schedule("identity.purge_expired", "37 3 * * *", _purge),
    Schedule("identity.renew_signing_key", "43 3 * * *", _renew),
)
