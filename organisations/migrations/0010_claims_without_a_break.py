from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0009_recommendations_to_the_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="representative",
            name="unbroken_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
