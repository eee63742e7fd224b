from django.db import migrations

KEEPS = """
CREATE FUNCTION refuse_change_of_complete_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews_review WHERE id = OLD.review_id AND status = 'complete') THEN
        RAISE EXCEPTION 'scores of a complete review are never altered'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER scores_of_a_complete_review_never_change BEFORE UPDATE OR DELETE ON reviews_score
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_complete_review();

CREATE FUNCTION refuse_change_of_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status = 'draft' AND EXISTS (
        SELECT 1 FROM reviews_withdrawnreview
        WHERE review_id = OLD.id AND completed_at = OLD.completed_at AND remark = OLD.remark
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a complete review changes only when it was taken back and kept as it was'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER complete_review_never_changes BEFORE UPDATE OR DELETE ON reviews_review
    FOR EACH ROW WHEN (OLD.status = 'complete') EXECUTE FUNCTION refuse_change_of_review();

CREATE FUNCTION refuse_change_of_advice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM reviews_withdrawnadvice
        WHERE number = OLD.id AND application_id = OLD.application_id AND outcome = OLD.outcome
            AND amount = OLD.amount AND text = OLD.text AND fixed_at = OLD.fixed_at
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'advice goes only when it was taken back and kept as it was'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER committee_advice_never_changes BEFORE UPDATE OR DELETE ON reviews_committeeadvice
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_advice();
CREATE TRIGGER withdrawn_reviews_never_change BEFORE UPDATE OR DELETE ON reviews_withdrawnreview
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER withdrawn_advice_never_changes BEFORE UPDATE OR DELETE ON reviews_withdrawnadvice
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER withdrawn_advice_never_changes ON reviews_withdrawnadvice;
DROP TRIGGER withdrawn_reviews_never_change ON reviews_withdrawnreview;
DROP TRIGGER committee_advice_never_changes ON reviews_committeeadvice;
DROP FUNCTION refuse_change_of_advice();
DROP TRIGGER complete_review_never_changes ON reviews_review;
DROP FUNCTION refuse_change_of_review();
DROP TRIGGER scores_of_a_complete_review_never_change ON reviews_score;
DROP FUNCTION refuse_change_of_complete_review();
"""


class Migration(migrations.Migration):
    """Let the database refuse a change of scores and advice that are in, unless they were taken back (rules 17 and 30)."""

    dependencies = [("reviews", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
