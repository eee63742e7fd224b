import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ONCE = """
CREATE UNIQUE INDEX question_added_once ON mapping_participationquestion (region_id, added_with)
WHERE added_with IS NOT NULL;
"""


class Migration(migrations.Migration):
    """Keep a version of each question, so that nobody overwrites what they have not seen (rule 12)."""

    dependencies = [
        ("mapping", "0002_talks_of_a_region"),
        ("organisations", "0004_organisations_by_name_alone"),
        ("regions", "0002_place_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="participationquestion",
            name="added_with",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="changed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="participationquestion",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        # By hand: the linter cannot see that code which runs meanwhile leaves the new column empty, and so is not refused.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONCE, "DROP INDEX question_added_once;")],
            state_operations=[
                migrations.AddConstraint(
                    model_name="participationquestion",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("added_with__isnull", False)),
                        fields=("region", "added_with"),
                        name="question_added_once",
                    ),
                ),
            ],
        ),
    ]
