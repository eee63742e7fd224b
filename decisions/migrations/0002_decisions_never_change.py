from django.db import migrations

TRIGGERS = """
CREATE TRIGGER decision_never_changes BEFORE UPDATE OR DELETE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_letter_never_removed BEFORE DELETE ON decisions_decisionletter
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_letter_words_never_change BEFORE UPDATE ON decisions_decisionletter
    FOR EACH ROW WHEN (
        OLD.content IS DISTINCT FROM NEW.content
        OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id
        OR OLD.released_at IS DISTINCT FROM NEW.released_at
        OR (OLD.document_id IS NOT NULL AND OLD.document_id IS DISTINCT FROM NEW.document_id)
        OR (OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at)
    ) EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER decision_never_changes ON decisions_decision;
DROP TRIGGER decision_letter_never_removed ON decisions_decisionletter;
DROP TRIGGER decision_letter_words_never_change ON decisions_decisionletter;
"""


class Migration(migrations.Migration):
    """Let the database refuse a second decision, second words, or a second moment of sending (rule 19)."""

    dependencies = [("decisions", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
