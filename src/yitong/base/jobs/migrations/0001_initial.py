"""Runs of schedules, cursors of reactions, and what was parked."""

import yitong.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ReactionCursor",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("index", models.BigIntegerField(default=-1)),
            ],
        ),
        migrations.CreateModel(
            name="ReactionParked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reaction", models.CharField(max_length=100)),
                ("index", models.BigIntegerField()),
                ("entry_id", models.BigIntegerField()),
                ("error", models.CharField(max_length=200)),
                ("attempts", models.PositiveIntegerField(default=1)),
                ("parked_at", models.DateTimeField(default=yitong.kernel.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reaction", "index"), name="one_parking_an_entry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduleRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("due_at", models.DateTimeField()),
                ("noticed_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "due_at"), name="one_run_a_due_instant")
                ],
            },
        ),
    ]
