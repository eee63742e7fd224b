import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEPS = """
CREATE FUNCTION keep_who_wrote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place integer;
    written_in bigint;
    writer bigint;
BEGIN
    -- The first argument names the column of the application, the others those of people.
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO written_in USING NEW;
    FOR place IN 1 .. TG_NARGS - 1 LOOP
        EXECUTE format('SELECT ($1).%I', TG_ARGV[place]) INTO writer USING NEW;
        IF writer IS NOT NULL THEN
            INSERT INTO applications_writer (application_id, user_id) VALUES (written_in, writer)
                ON CONFLICT DO NOTHING;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER who_wrote_a_section_is_kept
    AFTER INSERT OR UPDATE OF saved_by_id ON applications_applicationsection
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'saved_by_id');
CREATE TRIGGER who_named_people_is_kept
    AFTER INSERT OR UPDATE OF saved_by_id ON applications_applicationpeople
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'saved_by_id');
CREATE TRIGGER who_attached_is_kept
    AFTER INSERT OR UPDATE OF added_by_id ON applications_attachment
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote('application_id', 'added_by_id');
CREATE TRIGGER who_wrote_an_application_is_kept
    AFTER INSERT OR UPDATE OF created_by_id, particulars_saved_by_id, budget_saved_by_id, submitted_by_id
    ON applications_application
    FOR EACH ROW EXECUTE FUNCTION keep_who_wrote(
        'id', 'created_by_id', 'particulars_saved_by_id', 'budget_saved_by_id', 'submitted_by_id'
    );
"""
UNDO = """
DROP TRIGGER who_wrote_an_application_is_kept ON applications_application;
DROP TRIGGER who_attached_is_kept ON applications_attachment;
DROP TRIGGER who_named_people_is_kept ON applications_applicationpeople;
DROP TRIGGER who_wrote_a_section_is_kept ON applications_applicationsection;
DROP FUNCTION keep_who_wrote();
"""
# Who wrote before the database kept it, as far as rows still tell.
FILL = """
INSERT INTO applications_writer (application_id, user_id)
SELECT application_id, saved_by_id FROM applications_applicationsection
UNION SELECT application_id, saved_by_id FROM applications_applicationpeople
UNION SELECT application_id, saved_by_id FROM applications_earlierversion
UNION SELECT application_id, added_by_id FROM applications_attachment
UNION SELECT id, created_by_id FROM applications_application
UNION SELECT id, particulars_saved_by_id FROM applications_application
UNION SELECT id, budget_saved_by_id FROM applications_application
UNION SELECT id, submitted_by_id FROM applications_application WHERE submitted_by_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    """Keep who wrote in an application, also once others replaced what they wrote (rules 14 and 29)."""

    dependencies = [
        ("applications", "0011_reasons_to_withdraw_and_withdrawals_taken_back"),
        ("coalitions", "0005_when_a_lead_was_named_otherwise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="collaborator",
            name="participation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collaborators",
                to="coalitions.participation",
            ),
        ),
        migrations.CreateModel(
            name="Writer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="writers",
                        to="applications.application",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "user"), name="writer_once_per_application"
                    )
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="collaborator",
            options={
                "verbose_name": "person who writes along",
                "verbose_name_plural": "people who write along",
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEPS, UNDO),
    ]
