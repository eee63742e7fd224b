from django.db import migrations

TRIGGERS = """
CREATE TRIGGER letter_text_never_changes BEFORE UPDATE ON letters_lettertext
    FOR EACH ROW WHEN (
        to_jsonb(OLD) - 'valid_until' IS DISTINCT FROM to_jsonb(NEW) - 'valid_until'
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_text_never_removed BEFORE DELETE ON letters_lettertext
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_text_section_never_changes BEFORE UPDATE OR DELETE ON letters_lettertextsection
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_never_removed BEFORE DELETE ON letters_letter
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_words_never_change BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.content IS DISTINCT FROM NEW.content
        OR OLD.text_id IS DISTINCT FROM NEW.text_id
        OR OLD.about IS DISTINCT FROM NEW.about
        OR OLD.recorded_by_id IS DISTINCT FROM NEW.recorded_by_id
        OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id
        OR OLD.released_at IS DISTINCT FROM NEW.released_at
        OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id
        OR (OLD.document_id IS NOT NULL AND OLD.document_id IS DISTINCT FROM NEW.document_id)
        OR (OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at)
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_recipient_never_changes BEFORE UPDATE ON letters_recipient
    FOR EACH ROW WHEN (
        to_jsonb(OLD) - 'mail_id' IS DISTINCT FROM to_jsonb(NEW) - 'mail_id' OR OLD.mail_id IS NOT NULL
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_recipient_never_removed BEFORE DELETE ON letters_recipient
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_correction_never_changes BEFORE UPDATE OR DELETE ON letters_correction
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER letter_text_never_changes ON letters_lettertext;
DROP TRIGGER letter_text_never_removed ON letters_lettertext;
DROP TRIGGER letter_text_section_never_changes ON letters_lettertextsection;
DROP TRIGGER letter_never_removed ON letters_letter;
DROP TRIGGER letter_words_never_change ON letters_letter;
DROP TRIGGER letter_recipient_never_changes ON letters_recipient;
DROP TRIGGER letter_recipient_never_removed ON letters_recipient;
DROP TRIGGER letter_correction_never_changes ON letters_correction;
"""


class Migration(migrations.Migration):
    """Let the database refuse second words, another reader, or a second moment of sending (rule 19)."""

    dependencies = [("letters", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
