"""Tables of files."""

from django.db import models
from django.db.models import Q

from yitong.base.keys import api as keys
from yitong.base.keys.api import Scope


class StoredFile(models.Model):
    """A file on the disk, named by the digest of the bytes that lie there.

    The sender's name for it is sealed: names of files are full of people («张某某身份证.jpg»). A file that is
    marked personal lies sealed under its scope, so its digest tells nothing about what is in it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sealed_name = models.BinaryField()
    is_sealed = models.BooleanField(default=False)
    scope_kind = models.CharField(max_length=32)
    scope_key = models.CharField(max_length=64)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="files_digest_is_hex"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="files_not_empty"),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def scope(self) -> Scope:
        return Scope(self.scope_kind, self.scope_key)

    @property
    def name(self) -> str:
        """The sender's name, unsealed."""
        opened = keys.unseal(bytes(self.sealed_name), context=name_context(self.sha256))
        return str(opened["name"])


def name_context(sha256: str) -> bytes:
    return b"files.storedfile.name|" + sha256.encode()
