import django.db.models.deletion
from django.db import migrations, models

# Until now everybody read what the portal had of the number.
NAMED = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE organisations_representative AS named
SET stated_name = known.name, stated_sort_name = known.sort_name, stated_legal_form = known.legal_form,
    stated_municipality_id = known.municipality_id
FROM organisations_organisation AS known WHERE known.id = named.organisation_id;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    """Keep how each representative named the organisation, beside what the map says of its number (rule 26)."""

    dependencies = [
        ("organisations", "0002_organisations_on_the_map"),
        ("regions", "0002_place_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="representative",
            name="stated_legal_form",
            field=models.CharField(
                choices=[
                    ("foundation", "foundation (stichting)"),
                    ("association", "association with full legal capacity (vereniging)"),
                    ("cooperative", "cooperative (coöperatie)"),
                    ("company", "private or public limited company (bv or nv)"),
                    ("church", "church or religious community (kerkgenootschap)"),
                    ("public_body", "public body (municipality, water board, joint arrangement)"),
                    ("mutual", "mutual insurance company (onderlinge waarborgmaatschappij)"),
                    ("informal_association", "association with limited legal capacity"),
                    ("partnership", "partnership (vof, cv or maatschap)"),
                    ("sole_trader", "sole trader (eenmanszaak)"),
                    ("initiative", "residents' initiative without a legal form"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=24,
                verbose_name="legal form",
            ),
        ),
        migrations.AddField(
            model_name="representative",
            name="stated_municipality",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.municipality",
                verbose_name="municipality of the seat",
            ),
        ),
        migrations.AddField(
            model_name="representative",
            name="stated_name",
            field=models.CharField(
                db_default="", default="", editable=False, max_length=150, verbose_name="name"
            ),
        ),
        migrations.AddField(
            model_name="representative",
            name="stated_sort_name",
            field=models.CharField(db_default="", default="", editable=False, max_length=150),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    ]
