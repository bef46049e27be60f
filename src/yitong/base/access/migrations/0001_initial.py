from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OnceKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.TextField()),
                ('key', models.TextField()),
                ('digest', models.BinaryField()),
                ('answer', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='access_once_by_time')],
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='access_one_answer_per_key')],
            },
        ),
    ]
