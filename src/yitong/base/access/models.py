"""Answers kept so that a repeated request has one effect."""

from django.db import models


class OnceKey(models.Model):
    """An idempotency key of an account with the digest of its request and the answer that was given."""

    account = models.TextField()
    key = models.TextField()
    digest = models.BinaryField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="access_one_answer_per_key"),
        ]
        indexes = [models.Index(fields=["at"], name="access_once_by_time")]

    def __str__(self) -> str:
        return f"{self.account} {self.key}"
