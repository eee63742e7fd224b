from django.db import migrations

TRIGGERS = """
CREATE TRIGGER decision_never_changes BEFORE UPDATE ON decisions_decision
    FOR EACH ROW WHEN (
        to_jsonb(OLD) - 'letter_id' IS DISTINCT FROM to_jsonb(NEW) - 'letter_id' OR OLD.letter_id IS NOT NULL
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_never_removed BEFORE DELETE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER decision_never_changes ON decisions_decision;
DROP TRIGGER decision_never_removed ON decisions_decision;
"""


class Migration(migrations.Migration):
    """Let the database refuse a second decision, and a second letter of one (rules 18 and 19)."""

    dependencies = [("decisions", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
