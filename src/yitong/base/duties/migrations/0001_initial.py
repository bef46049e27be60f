"""Duties, their misses and what follows, leaves, and recounts."""

import django.contrib.postgres.fields
import django.db.models.deletion
import yitong.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0003_contact"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=8)),
                ("source", models.CharField(max_length=64, unique=True)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("limit_key", models.CharField(blank=True, db_collation="C", max_length=24)),
                ("region", models.CharField(blank=True, db_collation="C", max_length=12)),
                ("agency", models.CharField(blank=True, db_collation="C", max_length=18)),
                ("after_id", models.BigIntegerField(default=0)),
                ("examined", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(db_collation="C", max_length=64)),
                ("about_type", models.CharField(db_collation="C", max_length=40)),
                ("about_key", models.CharField(db_collation="C", max_length=120)),
                ("step", models.CharField(blank=True, db_collation="C", max_length=40)),
                ("family", models.CharField(db_collation="C", max_length=12)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("waits", models.CharField(blank=True, max_length=120)),
                ("region", models.CharField(blank=True, db_collation="C", max_length=12)),
                ("home_post", models.CharField(db_collation="C", max_length=64)),
                ("post", models.CharField(db_collation="C", max_length=64)),
                ("moved_by", models.CharField(blank=True, max_length=24)),
                ("is_unassigned", models.BooleanField(default=False)),
                ("limit_key", models.CharField(db_collation="C", max_length=24)),
                ("limit_kind", models.CharField(max_length=12)),
                ("limit_id", models.BigIntegerField()),
                ("basis_act", models.CharField(max_length=100)),
                ("basis_article", models.CharField(max_length=24)),
                ("standing", models.CharField(max_length=12)),
                ("unit", models.CharField(max_length=2)),
                ("amount", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("segments", models.JSONField(default=list)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("risk_at", models.DateTimeField(null=True)),
                ("is_provisional", models.BooleanField(default=False)),
                ("next_at", models.DateTimeField(null=True)),
                ("warned", models.PositiveSmallIntegerField(default=0)),
                ("rungs", models.PositiveSmallIntegerField(default=0)),
                ("extended_amount", models.PositiveIntegerField(null=True)),
                ("extended_at", models.DateTimeField(null=True)),
                ("extended_by", models.CharField(blank=True, max_length=100)),
                ("extended_post", models.CharField(blank=True, max_length=64)),
                ("extension_reason", models.TextField(blank=True)),
                ("extension_consent", models.CharField(blank=True, max_length=200)),
                ("extension_notice", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="running", max_length=8)),
                ("missed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=100)),
                ("closed_post", models.CharField(blank=True, max_length=64)),
                ("closing_reason", models.TextField(blank=True)),
                ("result", models.CharField(blank=True, max_length=8)),
                ("judged_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                ("opened_by", models.CharField(max_length=100)),
                (
                    "origin",
                    models.CharField(db_collation="C", max_length=120, null=True, unique=True),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_column="agency",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rung", models.PositiveSmallIntegerField()),
                ("post", models.CharField(db_collation="C", max_length=64)),
                ("basis_act", models.CharField(blank=True, max_length=100)),
                ("basis_article", models.CharField(blank=True, max_length=24)),
                ("at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_column="agency",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="duties.duty",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Miss",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("post", models.CharField(db_collation="C", max_length=64)),
                ("article_act", models.CharField(max_length=100)),
                ("article", models.CharField(max_length=24)),
                ("explanation", models.TextField(blank=True)),
                ("explained_by", models.CharField(blank=True, max_length=100)),
                ("explained_post", models.CharField(blank=True, max_length=64)),
                ("explained_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_column="agency",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
                (
                    "duty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="miss",
                        to="duties.duty",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Overseer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.CharField(db_collation="C", max_length=24)),
                ("region", models.CharField(blank=True, db_collation="C", max_length=12)),
                ("basis", models.CharField(max_length=200)),
                ("named_by", models.CharField(max_length=100)),
                ("named_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                (
                    "agency",
                    models.ForeignKey(
                        db_column="agency",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("post", models.CharField(db_collation="C", max_length=64)),
                ("old_due_at", models.DateTimeField()),
                ("new_due_at", models.DateTimeField()),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="date_changes",
                        to="duties.duty",
                    ),
                ),
                (
                    "recount",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="duties.recount",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Admonition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=8)),
                ("region", models.CharField(blank=True, db_collation="C", max_length=12)),
                (
                    "duties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("ground", models.TextField()),
                ("state", models.CharField(default="proposed", max_length=8)),
                ("proposed_by", models.CharField(max_length=100)),
                ("proposed_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                ("settled_by", models.CharField(blank=True, max_length=100)),
                ("settled_post", models.CharField(blank=True, max_length=64)),
                ("settled_at", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_column="agency",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        db_column="issuer",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.agency",
                        to_field="code",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issuer", "state"], name="admonition_issuer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["urge", "notice"])),
                        name="admonition_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True),
                                ("settled_by", ""),
                                ("state", "proposed"),
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ["signed", "declined"]),
                                models.Q(("settled_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="admonition_signed_by_name",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["post", "due_at", "id"],
                name="duty_inbox",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["agency", "due_at", "id"],
                name="duty_agency",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at"],
                name="duty_timer",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    ("due_on__isnull", False),
                    ("missed_at__isnull", True),
                ),
                fields=["id"],
                name="duty_clock_runs",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["about_type", "about_key"], name="duty_about"),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("judged_at__isnull", False)),
                fields=["judged_at", "agency", "kind"],
                name="duty_judged",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(
                    ("closed_at__isnull", True), models.Q(("moved_by", ""), _negated=True)
                ),
                fields=["home_post"],
                name="duty_away",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("kind", "about_type", "about_key", "step"),
                name="one_open_duty_a_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("post", ""), _negated=True),
                    models.Q(("home_post", ""), _negated=True),
                    models.Q(("limit_key", ""), _negated=True),
                ),
                name="duty_has_owner_and_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "met", "waived", "deemed"])),
                name="duty_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state__in", ["running", "paused"])),
                    models.Q(
                        ("closed_at__isnull", False), ("state__in", ["met", "waived", "deemed"])
                    ),
                    _connector="OR",
                ),
                name="duty_closed_has_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "running"), _negated=True),
                    models.Q(("due_at__isnull", False), ("due_on__isnull", False)),
                    _connector="OR",
                ),
                name="duty_running_has_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paused"), _negated=True),
                    models.Q(("due_at__isnull", True), ("missed_at__isnull", True)),
                    _connector="OR",
                ),
                name="duty_paused_has_no_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extended_amount__isnull", True), ("extended_at__isnull", True)),
                    models.Q(
                        ("extended_amount__gte", 1),
                        ("extended_at__isnull", False),
                        models.Q(("extension_reason", ""), _negated=True),
                        models.Q(("extension_consent", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="duty_extension_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("result", "")),
                    models.Q(
                        ("judged_at__isnull", False),
                        ("result__in", ["on_time", "extended", "missed", "deemed", "waived"]),
                    ),
                    _connector="OR",
                ),
                name="duty_result_has_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("missed_at__isnull", True), ("result", "missed"), _connector="OR"
                ),
                name="duty_missed_is_judged",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(fields=("duty", "rung"), name="one_telling_a_rung"),
        ),
        migrations.AddIndex(
            model_name="miss",
            index=models.Index(fields=["agency", "at"], name="miss_agency"),
        ),
        migrations.AddConstraint(
            model_name="miss",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("explained_at__isnull", True), ("explanation", "")),
                    models.Q(
                        ("explained_at__isnull", False),
                        models.Q(("explanation", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="miss_explanation_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="overseer",
            constraint=models.UniqueConstraint(
                fields=("body", "region"), name="one_overseer_a_body"
            ),
        ),
        migrations.AddConstraint(
            model_name="datechange",
            constraint=models.UniqueConstraint(
                fields=("recount", "duty"), name="one_change_a_recount"
            ),
        ),
    ]
