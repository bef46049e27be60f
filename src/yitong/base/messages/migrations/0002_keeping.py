"""Since when a message's text is gone, and what finds texts and deliveries by their age."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base_messages", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["changed_at"], name="delivery_by_age"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True)),
                fields=["queued_at"],
                name="message_texts_by_age",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("about_key", ""), ("about_type", ""), ("facts", {})),
                    _connector="OR",
                ),
                name="message_erased_is_empty",
            ),
        ),
    ]
