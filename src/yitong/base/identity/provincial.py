"""The adapter of a provincial 统一身份认证 that is not quite OIDC: a signed redirect there, a sealed ticket back.

There: `appId`, `backUrl`, `level`, `nonce`, `timestamp`, and `sign`, an HMAC-SM3 over the others in the order of their
names. Back: `ticket`, JSON sealed with SM4 under a key that both know, since an address ends up in histories and
logs, and `sign`, the service's SM2 signature over it. Names of fields are those that such services use.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from yitong.base.identity.log_in_errors import AssertionForged
from yitong.base.identity.persons import PersonPapers
from yitong.base.identity.sign_on import Assertion
from yitong.kernel import clock
from yitong.kernel.errors import Refusal
from yitong.kernel.sm import NotAuthentic, hmac_sm3, sm2_verify, sm4_open

LONGEST_TICKET: Final = 4096
TICKET_KEY: Final = b"ticket"


def canonical_text(parameters: Mapping[str, str]) -> bytes:
    """What is signed: `a=1&b=2`, in the order of the names."""
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters)).encode()


def ticket_key(secret: str) -> bytes:
    return hmac_sm3(secret.encode(), TICKET_KEY)[:16]


@dataclass(frozen=True, slots=True)
class ProvincialSignOn:
    """One province's service, as the agreement with it names things."""

    address_there: str
    issuer: str
    app: str
    secret: str = field(repr=False)
    public_key: str  # SM2, 64 bytes in hex

    @property
    def audience(self) -> str:
        return self.app

    def address(self, *, back: str, nonce: str, level: int) -> str:
        asked = {
            "appId": self.app,
            "backUrl": back,
            "level": str(level),
            "nonce": nonce,
            "timestamp": str(int(clock.epoch())),
        }
        sign = hmac_sm3(self.secret.encode(), canonical_text(asked)).hex()
        return f"{self.address_there}?{urlencode(asked | {'sign': sign})}"

    def read(self, answer: Mapping[str, str]) -> Assertion:
        ticket, sign = answer.get("ticket", ""), answer.get("sign", "")
        if not self._is_signed(ticket, sign):
            raise AssertionForged
        try:
            sealed = base64.urlsafe_b64decode(ticket.encode())
            said = json.loads(sm4_open(ticket_key(self.secret), sealed, self.app.encode()))
            return self._assertion(said)
        except (NotAuthentic, ValueError, KeyError, TypeError, OverflowError) as error:
            raise AssertionForged from error

    def _is_signed(self, ticket: str, sign: str) -> bool:
        if not ticket or len(ticket) > LONGEST_TICKET or not ticket.isascii():
            return False
        try:
            return sm2_verify(bytes.fromhex(self.public_key), ticket.encode(), bytes.fromhex(sign))
        except (ValueError, binascii.Error, Refusal):
            return False

    def _assertion(self, said: Mapping[str, Any]) -> Assertion:
        return Assertion(
            issuer=str(said["iss"]),
            key=str(said["tid"]),
            audience=str(said["appId"]),
            nonce=str(said["nonce"]),
            issued_at=_instant(said["iat"]),
            expires_at=_instant(said["exp"]),
            level=_level(said["level"]),
            papers=PersonPapers(str(said["sfzh"]), str(said["xm"]), str(said.get("sjh", ""))),
        )


def _instant(seconds: object) -> dt.datetime:
    if not isinstance(seconds, int):
        raise TypeError("an instant is a whole number of seconds")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _level(level: object) -> int:
    if not isinstance(level, int) or not 1 <= level <= 5:
        raise ValueError("a level is 1 to 5")
    return level
