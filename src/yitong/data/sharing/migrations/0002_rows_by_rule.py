from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='sharerequest',
            name='row_rule',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sharerequest',
            name='row_rule_digest',
            field=models.CharField(blank=True, db_collation='C', default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sharerequest',
            name='row_rule_agreed',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='grant',
            name='row_rule',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='grant',
            name='row_rule_digest',
            field=models.CharField(blank=True, db_collation='C', default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='grant',
            name='row_rule_version',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(
                condition=models.Q(row_rule='', row_rule_digest='', row_rule_version__isnull=True)
                | ~models.Q(row_rule='')
                & models.Q(row_rule_digest__regex='^[0-9a-f]{64}$', row_rule_version__isnull=False),
                name='grant_rule_has_digest',
            ),
        ),
    ]
