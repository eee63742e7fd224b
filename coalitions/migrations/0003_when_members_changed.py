from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep when the members of a coalition last changed (rule 2)."""

    dependencies = [
        ("coalitions", "0002_coalitions_that_show_themselves"),
    ]

    operations = [
        migrations.AddField(
            model_name="coalition",
            name="changed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
