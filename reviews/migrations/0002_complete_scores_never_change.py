from django.db import migrations

TRIGGERS = """
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
CREATE TRIGGER complete_review_never_changes BEFORE UPDATE OR DELETE ON reviews_review
    FOR EACH ROW WHEN (OLD.status = 'complete') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER committee_advice_never_changes BEFORE UPDATE OR DELETE ON reviews_committeeadvice
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER scores_of_a_complete_review_never_change ON reviews_score;
DROP TRIGGER complete_review_never_changes ON reviews_review;
DROP TRIGGER committee_advice_never_changes ON reviews_committeeadvice;
DROP FUNCTION refuse_change_of_complete_review();
"""


class Migration(migrations.Migration):
    """Let the database refuse a change of a score that is in (rule 17)."""

    dependencies = [("reviews", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
