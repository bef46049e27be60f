"""Accounts, persons, legal persons, agencies, posts, holdings, clients, and the table of the cache."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import uuid
import yitong.base.identity.models
import yitong.kernel.clock
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),  # equality of posts inside the exclusion constraint of holdings
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("username", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=8)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("username", django.db.models.functions.text.Lower("username"))
                        ),
                        name="account_username_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "staff", "machine"])),
                        name="account_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=18, unique=True)),
                ("name", models.CharField(max_length=200, unique=True)),
                ("short_name", models.CharField(blank=True, max_length=100)),
                ("kind", models.CharField(max_length=8)),
                (
                    "region",
                    models.CharField(blank=True, db_collation="C", db_index=True, max_length=12),
                ),
                ("is_data_authority", models.BooleanField(default=False)),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "registered_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                (
                    "government",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="identity.agency",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_units",
                        to="identity.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(db_collation="C", max_length=100, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("state", models.CharField(default="active", max_length=8)),
                (
                    "issued_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="identity.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject", models.BinaryField(max_length=33, unique=True)),
                ("sealed", models.BinaryField()),
                ("name_index", models.BinaryField(db_index=True, max_length=32)),
                ("pinyin_index", models.BinaryField(db_index=True, max_length=32)),
                ("number_index", models.BinaryField(max_length=32, unique=True)),
                ("phone_index", models.BinaryField(db_index=True, max_length=32, null=True)),
                ("assurance", models.PositiveSmallIntegerField()),
                (
                    "registered_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LegalPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=18, unique=True)),
                ("name", models.CharField(db_index=True, max_length=200)),
                ("kind", models.CharField(max_length=24)),
                ("region", models.CharField(blank=True, db_collation="C", max_length=12)),
                (
                    "registered_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="represents",
                        to="identity.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("role", models.CharField(max_length=24)),
                ("title", models.CharField(max_length=100)),
                (
                    "created_at",
                    models.DateTimeField(default=yitong.kernel.clock.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="identity.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_from", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="identity.post",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["块", "条", "事业", "党委", "群团", "企业", "其他"])
                ),
                name="agency_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("government", models.F("pk")), _negated=True),
                    models.Q(("line", models.F("pk")), _negated=True),
                ),
                name="agency_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_data_authority", True)),
                fields=("region",),
                name="one_data_authority_a_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "active")),
                fields=("agency", "name"),
                name="one_active_client_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("state", "active")),
                    models.Q(("revoked_at__isnull", False), ("state", "revoked")),
                    _connector="OR",
                ),
                name="client_revoked_has_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("assurance__gte", 1), ("assurance__lte", 5)),
                name="person_assurance_1_to_5",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "enterprise",
                            "sole_trader",
                            "institution",
                            "social_organisation",
                            "special",
                            "unincorporated",
                        ],
                    )
                ),
                name="legal_person_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "dept_head",
                            "sharing_head",
                            "sharing_contact",
                            "data_reviewer",
                            "secrecy",
                            "sysadmin",
                            "secadmin",
                            "auditor",
                            "clerk",
                        ],
                    )
                ),
                name="post_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_until__isnull", True),
                    ("held_until__gte", models.F("held_from")),
                    _connector="OR",
                ),
                name="holding_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        yitong.base.identity.models.TimeRange(
                            "held_from",
                            "held_until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                        ),
                        "&&",
                    ),
                    ("post", "="),
                ],
                name="one_holder_a_post",
            ),
        ),
        # What `createcachetable` would make: the counts of failed log-ins stand in it, so it comes with the accounts.
        migrations.RunSQL(
            """
            create table cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamp with time zone not null
            );
            create index cache_expires on cache (expires);
            """,
            "drop table cache",
        ),
    ]
