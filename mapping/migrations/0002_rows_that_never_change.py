from django.db import migrations

KEEPS = """
CREATE TRIGGER agreed_text_never_changes BEFORE UPDATE ON mapping_publishingrequest
    FOR EACH ROW WHEN (
        OLD.answered_at IS NOT NULL
        AND ROW(OLD.answered_at, OLD.answered_by, OLD.text, OLD.text_digest, OLD.corrected, OLD.email)
        IS DISTINCT FROM ROW(NEW.answered_at, NEW.answered_by, NEW.text, NEW.text_digest, NEW.corrected, NEW.email)
    ) EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER agreed_text_never_changes ON mapping_publishingrequest;
"""


class Migration(migrations.Migration):
    """Let the database refuse another text than the one that an organisation answered about (rule 23)."""

    dependencies = [("mapping", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
