"""Data elements get their English name and their definition."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.AddField("dataelement", "english", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("dataelement", "definition", models.TextField(blank=True, default=""), preserve_default=False),
    ]
