"""Data elements and code tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CodeSetTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confidence__in', ('H', 'M', 'L'))), name='standards_code_set_confidence')],
            },
        ),
        migrations.CreateModel(
            name='CodeTableValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(blank=True)),
                ('name', models.TextField()),
                ('confidence', models.TextField()),
                ('code_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='standards.codesettable')),
            ],
            options={
                'ordering': ['code_set', 'code', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('code_set', 'code', 'name'), name='standards_code_value_once'), models.CheckConstraint(condition=models.Q(('confidence__in', ('H', 'M', 'L'))), name='standards_code_value_confidence')],
            },
        ),
        migrations.CreateModel(
            name='DataElement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('group', models.TextField()),
                ('synonyms', models.JSONField(default=list)),
                ('latin', models.JSONField(default=list)),
                ('type_letter', models.TextField()),
                ('format', models.TextField()),
                ('personal', models.TextField(blank=True)),
                ('sensitivity', models.TextField()),
                ('subject', models.TextField(blank=True)),
                ('about_organisation', models.BooleanField(default=False)),
                ('interest', models.TextField()),
                ('harm', models.TextField()),
                ('grade', models.PositiveSmallIntegerField()),
                ('grade_reason', models.TextField()),
                ('grade_confidence', models.TextField()),
                ('mask', models.TextField()),
                ('evidence', models.TextField(blank=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('retired', models.BooleanField(default=False)),
                ('code_set', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='elements', to='standards.codesettable')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('grade__gte', 1), ('grade__lte', 4)), name='standards_grade_sublevel'), models.CheckConstraint(condition=models.Q(('subject__in', ('', 'person', 'org'))), name='standards_subject_known'), models.CheckConstraint(condition=models.Q(('confidence__in', ('H', 'M', 'L')), ('grade_confidence__in', ('H', 'M', 'L'))), name='standards_confidence_known'), models.CheckConstraint(condition=models.Q(models.Q(('sensitivity', 'none'), ('personal', '')), models.Q(('sensitivity__in', ['personal', 'sensitive']), models.Q(('personal', ''), _negated=True)), _connector='OR'), name='standards_sensitivity_fits')],
            },
        ),
    ]
