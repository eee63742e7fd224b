import django.db.models.deletion
from django.db import migrations, models

ONCE = """
CREATE UNIQUE INDEX organisation_apart_once_per_region ON organisations_organisation (kvk_number, apart_in_id)
WHERE apart_in_id IS NOT NULL;
DROP INDEX organisation_once_per_kvk_number;
CREATE UNIQUE INDEX organisation_once_per_kvk_number ON organisations_organisation (kvk_number)
WHERE kvk_number <> '' AND apart_in_id IS NULL;
"""

# Fails where a region has a number apart: which of the two would be the one, nobody can say.
AGAIN = """
DROP INDEX organisation_once_per_kvk_number;
CREATE UNIQUE INDEX organisation_once_per_kvk_number ON organisations_organisation (kvk_number)
WHERE kvk_number <> '';
DROP INDEX organisation_apart_once_per_region;
"""


class Migration(migrations.Migration):
    """Let a region have a number apart that is on a map of which it may not know (rule 26)."""

    dependencies = [
        ("organisations", "0004_organisations_by_name_alone"),
        ("regions", "0002_place_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="apart_in",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations_apart",
                to="regions.region",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("apart_in", None),
                    models.Q(models.Q(("kvk_number", ""), _negated=True), ("mapped_at__isnull", False)),
                    _connector="OR",
                ),
                name="organisation_apart_by_a_number_of_the_map",
            ),
        ),
        # By hand: the linter cannot see that code which runs meanwhile leaves the new column empty, and so is refused no
        # more than before.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONCE, AGAIN)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="organisation", name="organisation_once_per_kvk_number"
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(models.Q(("kvk_number", ""), _negated=True), ("apart_in", None)),
                        fields=("kvk_number",),
                        name="organisation_once_per_kvk_number",
                        violation_error_message="There is already an organisation with this KvK number.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("apart_in__isnull", False)),
                        fields=("kvk_number", "apart_in"),
                        name="organisation_apart_once_per_region",
                    ),
                ),
            ],
        ),
    ]
