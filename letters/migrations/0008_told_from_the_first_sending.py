from django.conf import settings
from django.db import migrations, models

# As it was recorded: one that came back before that was told to nobody.
TOLD = """
UPDATE letters_letter SET told_at = LEAST(sent_at, (
    SELECT min(happened_at) FROM audit_auditevent
    WHERE subject_type = 'letters.letter' AND subject_id = letters_letter.id
        AND act IN ('letters.sent', 'letters.posted')
));
"""

ONCE = """
CREATE TRIGGER letter_told_once BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.told_at IS NOT NULL AND OLD.told_at IS DISTINCT FROM NEW.told_at
    ) EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Say of each letter since when everybody may know what it tells, also once it came back (rule 26)."""

    dependencies = [
        ("audit", "0001_initial"),
        ("documents", "0001_initial"),
        ("letters", "0007_letters_that_came_back_go_by_post"),
        ("mail", "0003_bounces"),
        ("regions", "0002_place_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at", None),
                    models.Q(("told_at__isnull", False), ("told_at__lte", models.F("sent_at"))),
                    _connector="OR",
                ),
                name="letter_told_from_its_first_sending",
            ),
        ),
        migrations.RunSQL(ONCE, "DROP TRIGGER letter_told_once ON letters_letter;"),
    ]
