from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope_kind', models.TextField()),
                ('scope_key', models.TextField()),
                ('purpose', models.TextField(choices=[('seal', 'seal'), ('blind', 'blind')])),
                ('state', models.TextField(choices=[('active', 'active'), ('retired', 'retired'), ('destroyed', 'destroyed')], default='active')),
                ('algorithm', models.TextField(choices=[('aes-256-gcm', 'aes-256-gcm'), ('sm4-gcm', 'sm4-gcm')])),
                ('wrapped', models.BinaryField()),
                ('master_version', models.PositiveIntegerField()),
                ('share', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['master_version'], name='keys_by_master')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('scope_kind', 'scope_key', 'purpose'), name='keys_one_active_per_scope'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'retired', 'destroyed'])), name='keys_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('state', 'destroyed'), ('wrapped', b'')), models.Q(models.Q(('state', 'destroyed'), _negated=True), ('destroyed_at__isnull', True), models.Q(('wrapped', b''), _negated=True)), _connector='OR'), name='keys_destroyed_is_empty')],
            },
        ),
        migrations.CreateModel(
            name='PseudonymKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True)),
                ('state', models.TextField(choices=[('active', 'active'), ('retired', 'retired'), ('destroyed', 'destroyed')], default='active')),
                ('hashing', models.TextField(choices=[('hmac-sha256', 'hmac-sha256'), ('hmac-sm3', 'hmac-sm3')])),
                ('algorithm', models.TextField(choices=[('aes-256-gcm', 'aes-256-gcm'), ('sm4-gcm', 'sm4-gcm')])),
                ('wrapped', models.BinaryField()),
                ('master_version', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('version__range', (1, 255))), name='keys_pseudonym_version_one_byte'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('state',), name='keys_one_active_pseudonym_key'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'destroyed'), ('wrapped', b'')), models.Q(models.Q(('state', 'destroyed'), _negated=True), models.Q(('wrapped', b''), _negated=True)), _connector='OR'), name='keys_pseudonym_destroyed_is_empty')],
            },
        ),
    ]
