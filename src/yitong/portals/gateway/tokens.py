"""Who calls: a bearer token, asked of the database at most once a second."""

import threading
from collections import OrderedDict
from typing import Any

from yitong.base.identity.api import clients
from yitong.data.exchange.api import reading_pool
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.portals.gateway.problems import NotForReading, TokenRefused, TooManyStrangers

BELIEVED_S = 1.0  # a revoked client is shut out within a second
MOST_TOKENS = 4096
MOST_STRANGE_CALLS = 60  # a minute and address; they are counted, not recorded
MOST_ADDRESSES = 4096


class _Believed:
    """Tokens seen within the last second, and how often strangers called in this minute."""

    def __init__(self) -> None:
        self._actors: OrderedDict[str, tuple[float, Actor]] = OrderedDict()
        self._strangers: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def actor(self, token: str) -> Actor | None:
        held = self._actors.get(token)
        return held[1] if held and held[0] > clock.epoch() else None

    def keep(self, token: str, actor: Actor) -> None:
        with self._lock:
            self._actors[token] = (clock.epoch() + BELIEVED_S, actor)
            while len(self._actors) > MOST_TOKENS:
                self._actors.popitem(last=False)

    def strange_call(self, address: str) -> None:
        """Count a call without a valid token; TooManyStrangers above the bound."""
        minute = int(clock.epoch()) // 60
        with self._lock:
            held_minute, calls = self._strangers.pop(address, (minute, 0))
            calls = calls + 1 if held_minute == minute else 1
            self._strangers[address] = (minute, calls)
            while len(self._strangers) > MOST_ADDRESSES:
                self._strangers.popitem(last=False)
        if calls > MOST_STRANGE_CALLS:
            raise TooManyStrangers


_believed = _Believed()


def actor_of(environ: dict[str, Any]) -> Actor:
    """The client behind the call's token. TokenRefused, NotForReading, TooManyStrangers."""
    scheme, _, token = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer" and token:
        if (actor := _believed.actor(token)) is not None:
            return actor
        with reading_pool().connection() as connection:
            facts = clients.token_facts(connection, token)
        if facts is not None:
            if clients.SCOPE not in facts.scopes:
                raise NotForReading(scope=clients.SCOPE)
            actor = facts.actor()
            _believed.keep(token, actor)
            return actor
    _believed.strange_call(str(environ.get("REMOTE_ADDR", "")))
    raise TokenRefused
