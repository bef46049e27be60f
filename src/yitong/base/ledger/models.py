"""The four tables of the ledger and the sequencer's place. Made by SQL: the first is partitioned by month.

`entry` keeps what happened; `leaf` keeps, 256 to a row, the order, time and commitment of every entry for
ever; `tile` the inner nodes of full tiles; `checkpoint` what was signed.
"""

from django.db import models


class Entry(models.Model):
    """What happened: insert-only by trigger; the primary key is (id, at)."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.TextField()
    about_type = models.TextField()
    about_key = models.TextField()
    account = models.TextField()
    post = models.TextField()
    agency = models.TextField()
    region = models.TextField()
    facts = models.JSONField()
    salt = models.BinaryField()
    commitment = models.BinaryField()
    leaf_hash = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_entry"


class Leaf(models.Model):
    """256 leaves: entry ids, seconds, commitments and leaf hashes in the order of the tree."""

    n = models.BigIntegerField(primary_key=True)
    size = models.IntegerField()
    seconds = models.BinaryField()
    commitments = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_leaf"


class Checkpoint(models.Model):
    """A signed note as it was published."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        managed = False
        db_table = "ledger_checkpoint"
