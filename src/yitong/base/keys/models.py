"""Wrapped keys: what the database knows of each key, useless without the key store."""

from django.db import models
from django.db.models import Q

from yitong.base.keys.rules import Algorithm, Hashing, Purpose, State


class DataKey(models.Model):
    """Seals the personal columns of one scope, or makes its blind index. Its id stands in every sealed value."""

    scope_kind = models.TextField()
    scope_key = models.TextField()
    purpose = models.TextField(choices=[(p.value, p.value) for p in Purpose])
    state = models.TextField(
        choices=[(s.value, s.value) for s in State], default=State.ACTIVE.value
    )
    algorithm = models.TextField(choices=[(a.value, a.value) for a in Algorithm])
    wrapped = models.BinaryField()
    master_version = models.PositiveIntegerField()
    share = models.TextField()
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope_kind", "scope_key", "purpose"],
                condition=Q(state=State.ACTIVE.value),
                name="keys_one_active_per_scope",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="keys_state_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=State.DESTROYED.value, destroyed_at__isnull=False, wrapped=b"")
                    | (
                        ~Q(state=State.DESTROYED.value)
                        & Q(destroyed_at__isnull=True)
                        & ~Q(wrapped=b"")
                    )
                ),
                name="keys_destroyed_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["master_version"], name="keys_by_master")]

    def __str__(self) -> str:
        return f"{self.scope_kind}:{self.scope_key}#{self.pk}"


class PseudonymKey(models.Model):
    """Makes pseudonyms of people and organisations; its version is their first byte.

    active makes and finds, retired only finds, destroyed does neither.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    state = models.TextField(
        choices=[(s.value, s.value) for s in State], default=State.ACTIVE.value
    )
    hashing = models.TextField(choices=[(h.value, h.value) for h in Hashing])
    algorithm = models.TextField(choices=[(a.value, a.value) for a in Algorithm])
    wrapped = models.BinaryField()
    master_version = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__range=(1, 255)), name="keys_pseudonym_version_one_byte"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=State.ACTIVE.value),
                name="keys_one_active_pseudonym_key",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DESTROYED.value, wrapped=b"")
                | (~Q(state=State.DESTROYED.value) & ~Q(wrapped=b"")),
                name="keys_pseudonym_destroyed_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"pseudonym#{self.version}"
