from django.db import migrations

KEEPS = """
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
CREATE TRIGGER letter_recipient_never_removed BEFORE DELETE ON letters_recipient
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_other_document_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL AND NEW.sent_at IS NULL AND NEW.times_dated_anew = OLD.times_dated_anew + 1 AND EXISTS (
        SELECT 1 FROM documents_document WHERE id = OLD.document_id AND superseded_by_id = NEW.document_id
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a letter has another document only when it is dated anew before it was sent'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER letter_document_never_changes BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.document_id IS NOT NULL AND OLD.document_id IS DISTINCT FROM NEW.document_id
    ) EXECUTE FUNCTION refuse_other_document_of_letter();
CREATE TRIGGER printed_letter_never_changes BEFORE UPDATE OR DELETE ON letters_printedletter
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_other_words_of_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND to_jsonb(OLD) - '{withdrawn_at,withdrawn_by_id,withdrawn_because}'::text[]
            = to_jsonb(NEW) - '{withdrawn_at,withdrawn_by_id,withdrawn_because}'::text[]
        AND NOT EXISTS (SELECT 1 FROM letters_letter WHERE supersedes_id = OLD.letter_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a correction is only taken back, as it was, before its letter is released'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER letter_correction_never_changes BEFORE UPDATE ON letters_correction
    FOR EACH ROW EXECUTE FUNCTION refuse_other_words_of_correction();
CREATE TRIGGER letter_correction_never_removed BEFORE DELETE ON letters_correction
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_unsending_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.channel = 'email' AND NEW.sent_at IS NULL AND NEW.times_bounced = OLD.times_bounced + 1 AND EXISTS (
        SELECT 1 FROM mail_outgoingmail
        WHERE id = OLD.mail_id AND status = 'bounced' AND bounced_at = NEW.bounced_at
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a letter counts as sent until the mail that brought it came back'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;

CREATE FUNCTION refuse_other_reader_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'mail_id' - 'email' = to_jsonb(NEW) - 'mail_id' - 'email' AND (
        (OLD.mail_id IS NULL AND OLD.email = NEW.email)
        OR (NEW.mail_id IS NOT NULL AND OLD.email = NEW.email AND EXISTS (
            SELECT 1 FROM letters_letter
            WHERE id = OLD.letter_id AND (
                times_bounced > 0 OR resend_asked_at IS NOT NULL OR (channel = 'post' AND mail_id IS NOT NULL)
            )
        ))
        OR (NEW.mail_id = OLD.mail_id AND OLD.part = 'original' AND EXISTS (
            SELECT 1 FROM letters_letter WHERE id = OLD.letter_id AND sent_at IS NULL AND resend_asked_at IS NOT NULL
        ))
        OR (NEW.mail_id IS NOT NULL AND OLD.part = 'copy' AND EXISTS (
            SELECT 1 FROM letters_returnedcopy
            WHERE recipient_id = OLD.id AND mail_id = OLD.mail_id AND sent_to = NEW.email
        ))
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'who gets a letter changes only when it is sent once more'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER letter_sent_until_it_came_back BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at
    ) EXECUTE FUNCTION refuse_unsending_of_letter();
CREATE TRIGGER letter_recipient_never_changes BEFORE UPDATE ON letters_recipient
    FOR EACH ROW WHEN (
        to_jsonb(OLD) - 'mail_id' IS DISTINCT FROM to_jsonb(NEW) - 'mail_id' OR OLD.mail_id IS NOT NULL
    ) EXECUTE FUNCTION refuse_other_reader_of_letter();
CREATE TRIGGER letter_words_never_change BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.content IS DISTINCT FROM NEW.content
        OR OLD.text_id IS DISTINCT FROM NEW.text_id
        OR OLD.about IS DISTINCT FROM NEW.about
        OR OLD.recorded_by_id IS DISTINCT FROM NEW.recorded_by_id
        OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id
        OR OLD.released_at IS DISTINCT FROM NEW.released_at
        OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id
        OR (OLD.posted_by_id IS NOT NULL AND OLD.posted_by_id IS DISTINCT FROM NEW.posted_by_id)
        OR (OLD.first_opened_at IS NOT NULL AND OLD.first_opened_at IS DISTINCT FROM NEW.first_opened_at)
    ) EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_other_channel_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.channel = 'email' AND NEW.channel = 'post' AND OLD.sent_at IS NULL AND NEW.sent_at IS NULL AND EXISTS (
        SELECT 1 FROM mail_outgoingmail WHERE id = OLD.mail_id AND status IN ('bounced', 'settled')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a letter goes by post after all only when its mail did not arrive'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER letter_channel_never_changes BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (OLD.channel IS DISTINCT FROM NEW.channel)
    EXECUTE FUNCTION refuse_other_channel_of_letter();
CREATE TRIGGER returned_copy_never_changes BEFORE UPDATE OR DELETE ON letters_returnedcopy
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letter_told_once BEFORE UPDATE ON letters_letter
    FOR EACH ROW WHEN (
        OLD.told_at IS NOT NULL AND OLD.told_at IS DISTINCT FROM NEW.told_at
    ) EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER letter_told_once ON letters_letter;
DROP TRIGGER returned_copy_never_changes ON letters_returnedcopy;
DROP TRIGGER letter_channel_never_changes ON letters_letter;
DROP FUNCTION refuse_other_channel_of_letter();
DROP TRIGGER letter_words_never_change ON letters_letter;
DROP TRIGGER letter_recipient_never_changes ON letters_recipient;
DROP TRIGGER letter_sent_until_it_came_back ON letters_letter;
DROP FUNCTION refuse_other_reader_of_letter();
DROP FUNCTION refuse_unsending_of_letter();
DROP TRIGGER letter_correction_never_removed ON letters_correction;
DROP TRIGGER letter_correction_never_changes ON letters_correction;
DROP FUNCTION refuse_other_words_of_correction();
DROP TRIGGER printed_letter_never_changes ON letters_printedletter;
DROP TRIGGER letter_document_never_changes ON letters_letter;
DROP FUNCTION refuse_other_document_of_letter();
DROP TRIGGER letter_recipient_never_removed ON letters_recipient;
DROP TRIGGER letter_never_removed ON letters_letter;
DROP TRIGGER letter_text_section_never_changes ON letters_lettertextsection;
DROP TRIGGER letter_text_never_removed ON letters_lettertext;
DROP TRIGGER letter_text_never_changes ON letters_lettertext;
"""


class Migration(migrations.Migration):
    """Let the database refuse other words, another reader, or another moment of sending (rules 19 and 30)."""

    dependencies = [("letters", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
