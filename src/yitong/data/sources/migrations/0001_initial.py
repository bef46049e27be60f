"""Tables of sources, and the schema that holds copied rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL("create schema if not exists shared_rows", "drop schema shared_rows"),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('file', 'File'), ('postgresql', 'Postgresql')])),
                ('sealed', models.BinaryField()),
                ('blind', models.BinaryField(unique=True)),
                ('owner', models.TextField()),
                ('state', models.TextField(choices=[('active', 'Active'), ('retired', 'Retired')], default='active')),
                ('registered_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['file', 'postgresql'])), name='sources_source_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'retired'])), name='sources_source_state_known')],
            },
        ),
        migrations.CreateModel(
            name='SourceTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table_key', models.TextField(unique=True)),
                ('plan', models.JSONField()),
                ('state', models.TextField(choices=[('loaded', 'Loaded'), ('in_place', 'In Place'), ('dropped', 'Dropped')])),
                ('row_count', models.BigIntegerField(default=0)),
                ('refused_count', models.BigIntegerField(default=0)),
                ('digest', models.BinaryField(null=True)),
                ('loaded_at', models.DateTimeField()),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tables', to='sources.source')),
            ],
        ),
        migrations.CreateModel(
            name='LoadFault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.BigIntegerField()),
                ('column', models.TextField(blank=True)),
                ('code', models.TextField()),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='faults', to='sources.sourcetable')),
            ],
            options={
                'ordering': ['line', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='sourcetable',
            constraint=models.CheckConstraint(condition=models.Q(('table_key__regex', '^[a-z0-9][a-z0-9_]{0,47}$')), name='sources_table_key_plain'),
        ),
        migrations.AddConstraint(
            model_name='sourcetable',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['loaded', 'in_place', 'dropped'])), name='sources_table_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sourcetable',
            constraint=models.CheckConstraint(condition=models.Q(('refused_count__gte', 0), ('row_count__gte', 0)), name='sources_table_counts_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='sourcetable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest__isnull', False), ('state', 'loaded')), models.Q(('state', 'loaded'), _negated=True), _connector='OR'), name='sources_loaded_has_digest'),
        ),
        migrations.AddIndex(
            model_name='loadfault',
            index=models.Index(fields=['table', 'line'], name='sources_fault_by_line'),
        ),
    ]
