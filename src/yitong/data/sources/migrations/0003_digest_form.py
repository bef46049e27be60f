from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables that stand were digested over COPY's text."""

    dependencies = [
        ("sources", "0002_more_connectors"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcetable",
            name="digest_form",
            field=models.TextField(
                choices=[("text", "Text"), ("binary", "Binary")], default="text"
            ),
        ),
        migrations.AlterField(
            model_name="sourcetable",
            name="digest_form",
            field=models.TextField(
                choices=[("text", "Text"), ("binary", "Binary")], default="binary"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcetable",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_form__in", ["text", "binary"])),
                name="sources_table_digest_form_known",
            ),
        ),
    ]
