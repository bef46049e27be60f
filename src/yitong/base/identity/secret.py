"""How the random secrets of machine clients are kept."""

import hashlib
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.crypto import constant_time_compare

SECRET_BYTES = 32


class RandomSecretHasher(BasePasswordHasher):
    """One SHA-256 for a secret that we drew ourselves with 256 bits.

    Stretching protects what people choose; against 2^256 guesses it adds nothing and costs every token call
    0.3 s. Never for a person's password: it is not the first of PASSWORD_HASHERS, so nothing picks it unasked.
    """

    algorithm = "random_secret_sha256"

    def encode(self, password: str, salt: str = "") -> str:
        return f"{self.algorithm}${hashlib.sha256(password.encode()).hexdigest()}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, _, digest = encoded.partition("$")
        return {"algorithm": algorithm, "hash": digest, "salt": ""}

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(encoded, self.encode(password))

    def must_update(self, encoded: str) -> bool:
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to even out: there is one cost."""

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        return {"algorithm": self.algorithm}
