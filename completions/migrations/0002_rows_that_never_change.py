from django.db import migrations

KEEPS = """
CREATE FUNCTION refuse_change_of_what_was_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.application_id, NEW.explanation, NEW.last_day, NEW.asked_at, NEW.asked_by_id)
            IS DISTINCT FROM (OLD.application_id, OLD.explanation, OLD.last_day, OLD.asked_at, OLD.asked_by_id)
        OR OLD.sent_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
        OR OLD.lapsed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
    THEN
        RAISE EXCEPTION 'what was asked to complete is never altered, nor once it came or lapsed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER asked_completion_never_changes BEFORE UPDATE OR DELETE ON completions_completionrequest
    FOR EACH ROW WHEN (OLD.asked_at IS NOT NULL) EXECUTE FUNCTION refuse_change_of_what_was_asked();

CREATE FUNCTION refuse_change_of_asked_point() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_point completions_completionrequest;
BEGIN
    SELECT * INTO of_point FROM completions_completionrequest
        WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.request_id ELSE OLD.request_id END;
    IF of_point.asked_at IS NOT NULL AND (
        TG_OP <> 'UPDATE'
        OR of_point.sent_at IS NOT NULL
        OR of_point.lapsed_at IS NOT NULL
        OR (NEW.request_id, NEW.number, NEW.about, NEW.question)
            IS DISTINCT FROM (OLD.request_id, OLD.number, OLD.about, OLD.question)
    ) THEN
        RAISE EXCEPTION 'points are never altered once they were asked, nor answers once they were sent'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER asked_point_never_changes BEFORE INSERT OR UPDATE OR DELETE ON completions_completionpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_asked_point();

CREATE FUNCTION refuse_change_of_sent_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM completions_completionrequest r JOIN completions_completionpoint p ON p.request_id = r.id
        WHERE p.id = CASE TG_OP WHEN 'INSERT' THEN NEW.point_id ELSE OLD.point_id END
            AND (r.asked_at IS NULL OR r.sent_at IS NOT NULL OR r.lapsed_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'files are added and removed only while a completion is awaited'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER sent_file_never_changes BEFORE INSERT OR UPDATE OR DELETE ON completions_completionfile
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_sent_file();
"""

UNDO = """
DROP TRIGGER sent_file_never_changes ON completions_completionfile;
DROP FUNCTION refuse_change_of_sent_file();
DROP TRIGGER asked_point_never_changes ON completions_completionpoint;
DROP FUNCTION refuse_change_of_asked_point();
DROP TRIGGER asked_completion_never_changes ON completions_completionrequest;
DROP FUNCTION refuse_change_of_what_was_asked();
"""


class Migration(migrations.Migration):
    """Let the database refuse a change of what was asked, and of what was sent (rule 42)."""

    dependencies = [("completions", "0001_initial")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
