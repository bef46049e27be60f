"""Leaves, delegations, spent assertions, signing keys; the person behind a staff account and its agency."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import uuid
import yitong.base.identity.models
import yitong.kernel.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('powers', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('evidence', models.CharField(blank=True, max_length=200)),
                ('recorded_post', models.CharField(blank=True, db_collation='C', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('away_from', models.DateTimeField()),
                ('away_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sealed', models.BinaryField()),
                ('issued_at', models.DateTimeField(default=yitong.kernel.clock.now, editable=False)),
                ('signs_from', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SpentAssertion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('issuer', models.CharField(max_length=64)),
                ('spent_at', models.DateTimeField(default=yitong.kernel.clock.now, editable=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='post',
            name='post_role_known',
        ),
        migrations.AddField(
            model_name='account',
            name='agency',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='identity.agency'),
        ),
        migrations.AddField(
            model_name='account',
            name='holder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff_accounts', to='identity.person'),
        ),
        migrations.AddField(
            model_name='client',
            name='kind',
            field=models.CharField(default='exchange', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['exchange', 'log_in'])), name='client_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['dept_head', 'sharing_head', 'sharing_contact', 'data_reviewer', 'secrecy', 'sysadmin', 'secadmin', 'auditor', 'agency_admin', 'clerk'])), name='post_role_known'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='agent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_received', to='identity.person'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to='identity.legalperson'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='principal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to='identity.person'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_recorded', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leave',
            name='deputy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputises', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='leave',
            name='holding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='identity.holding'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['helper', 'guardian', 'handler'])), name='delegation_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('principal__isnull', False)), models.Q(('organisation__isnull', False), ('principal__isnull', True)), _connector='OR'), name='delegation_one_principal'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('principal', models.F('agent')), _negated=True), name='delegation_not_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='delegation_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('away_until__gte', models.F('away_from'))), name='leave_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(yitong.base.identity.models.TimeRange('away_from', 'away_until', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&'), ('holding', '=')], name='one_leave_at_a_time'),
        ),
    ]
