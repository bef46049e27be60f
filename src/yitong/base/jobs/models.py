"""What has been run: schedules by due instant, reactions by place in the ledger. The queue is procrastinate's."""

from django.db import models

from yitong.kernel import clock


class ScheduleRun(models.Model):
    """One due instant of a schedule; the first row of a schedule is where it began, and was not run."""

    name = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)  # class of the last error, never its text

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="one_run_a_due_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%dT%H:%MZ}"


class ReactionCursor(models.Model):
    """How far a reaction has read the ledger: the index of the last entry it has seen, -1 before the first."""

    name = models.CharField(max_length=100, primary_key=True)
    index = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"{self.name} @{self.index}"


class ReactionParked(models.Model):
    """An entry on which a reaction failed: set aside, visible, and tried again on request."""

    reaction = models.CharField(max_length=100)
    index = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    error = models.CharField(
        max_length=200
    )  # class of the error, never its text: that may name a person
    attempts = models.PositiveIntegerField(default=1)
    parked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaction", "index"], name="one_parking_an_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} @{self.index}: {self.error}"
