"""Messages, their deliveries, and how people want to be told."""

import datetime
import django.db.models.deletion
import uuid
import yitong.kernel.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient", models.CharField(db_collation="C", max_length=80)),
                ("key", models.CharField(db_collation="C", max_length=120)),
                ("template", models.CharField(db_collation="C", max_length=80)),
                ("facts", models.JSONField()),
                ("about_type", models.CharField(max_length=40)),
                ("about_key", models.CharField(max_length=120)),
                ("sender", models.CharField(max_length=80)),
                ("sender_agency", models.CharField(blank=True, db_collation="C", max_length=18)),
                (
                    "queued_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                ("read_at", models.DateTimeField(null=True)),
                ("read_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "-id"], name="message_inbox"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient"],
                        name="message_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "key"), name="one_message_a_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by", "")),
                            models.Q(
                                ("read_at__isnull", False), models.Q(("read_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="message_read_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessagePreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mail", models.BooleanField(default=True)),
                ("sms", models.BooleanField(default=True)),
                ("quiet_from", models.TimeField(default=datetime.time(22, 0))),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0))),
                ("language", models.CharField(default="zh-hans", max_length=8)),
                ("changed_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=8)),
                ("state", models.CharField(default="queued", max_length=10)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("uncertain", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=16)),
                ("identity", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(default=yitong.kernel.clock.now)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="base_messages.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "queued", "sending"])),
                        fields=["channel", "due_at"],
                        name="delivery_outbox",
                    ),
                    models.Index(
                        condition=models.Q(("state", "given_up")),
                        fields=["channel"],
                        name="delivery_dead_letters",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "channel"), name="one_delivery_a_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["mail", "sms"])),
                        name="delivery_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "queued",
                                    "sending",
                                    "sent",
                                    "delivered",
                                    "failed",
                                    "given_up",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sent_has_instant",
                    ),
                ],
            },
        ),
    ]
