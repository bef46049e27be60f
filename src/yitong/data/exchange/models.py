"""Who is in which use, and how often a grant was called this minute. Both made by SQL."""

from django.db import models


class Usage(models.Model):
    """One person (or organisation) in one use: pseudonym, instant, ledger row. Partitioned by month.

    The primary key (subject, at, entry_id) is also the index that 足迹 reads, so one index serves both.
    """

    subject = models.BinaryField(primary_key=True)
    at = models.DateTimeField()
    entry_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "exchange_usage"
