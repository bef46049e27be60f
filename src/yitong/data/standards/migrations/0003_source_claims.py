"""Claims of which resource is the source of an element."""


import django.db.models.deletion
import yitong.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_contact'),
        ('standards', '0002_named_and_defined'),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=8)),
                ('region', models.CharField(blank=True, db_collation='C', max_length=12)),
                ('resource', models.CharField(db_collation='C', max_length=40)),
                ('basis', models.CharField(max_length=300)),
                ('state', models.CharField(max_length=12)),
                ('claimed_by', models.CharField(max_length=100)),
                ('claimed_post', models.CharField(blank=True, max_length=64)),
                ('claimed_at', models.DateTimeField(default=yitong.kernel.clock.now, editable=False)),
                ('decided_by', models.CharField(blank=True, max_length=100)),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='source_claims', to='identity.agency')),
                ('element', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='standards.dataelement')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['resource', 'state'], name='standards_claim_resource')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['in_force', 'contested', 'declined', 'withdrawn']), ('subject__in', ['person', 'org', 'place', 'thing', 'matter'])), name='standards_claim_known'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('element', 'subject', 'region'), name='standards_one_source'), models.UniqueConstraint(condition=models.Q(('state__in', ['in_force', 'contested'])), fields=('element', 'subject', 'region', 'resource'), name='standards_claimed_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['in_force', 'contested'])), models.Q(models.Q(('state__in', ['in_force', 'contested']), _negated=True), ('ended_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='standards_claim_ended_with_reason')],
            },
        ),
    ]
