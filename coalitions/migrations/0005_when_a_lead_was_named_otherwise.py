from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep when the lead of a coalition was last named otherwise (rule 9)."""

    dependencies = [
        ("coalitions", "0004_organisations_as_they_were_named"),
    ]

    operations = [
        migrations.AddField(
            model_name="coalition",
            name="lead_named_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
