from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep since when the lead of a coalition has it from another organisation (rule 44)."""

    dependencies = [
        ("coalitions", "0005_when_a_lead_was_named_otherwise"),
    ]

    operations = [
        migrations.AddField(
            model_name="coalition",
            name="lead_taken_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
