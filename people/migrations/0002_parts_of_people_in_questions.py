import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0005_questions_as_a_matrix"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonEngagement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("inform", "inform"),
                            ("consult", "consult (raadplegen)"),
                            ("advise", "advise (adviseren)"),
                            ("coproduce", "co-produce (coproduceren)"),
                            ("decide", "decide together (meebeslissen)"),
                        ],
                        max_length=10,
                        verbose_name="form of participation",
                    ),
                ),
                ("since_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "how_it_went",
                    models.TextField(blank=True, db_default="", max_length=1000, verbose_name="how it went"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagements",
                        to="people.mappedperson",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mapping.participationquestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a person in a question",
                "verbose_name_plural": "parts of people in questions",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "question", "form"), name="person_engagement_once_per_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("form__in", ["inform", "consult", "advise", "coproduce", "decide"])
                        ),
                        name="person_engagement_of_a_known_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since_on", None),
                            ("until_on", None),
                            ("until_on__gte", models.F("since_on")),
                            _connector="OR",
                        ),
                        name="person_engagement_ends_no_earlier",
                    ),
                ],
            },
        ),
    ]
