from django.db import migrations

KEEPS = """
CREATE TRIGGER decision_never_changes BEFORE UPDATE ON decisions_decision
    FOR EACH ROW WHEN (
        to_jsonb(OLD) - 'letter_id' IS DISTINCT FROM to_jsonb(NEW) - 'letter_id' OR OLD.letter_id IS NOT NULL
    ) EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_removal_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.letter_id IS NULL AND EXISTS (
        SELECT 1 FROM decisions_withdrawndecision
        WHERE number = OLD.id AND application_id = OLD.application_id AND outcome = OLD.outcome
            AND amount = OLD.amount AND reasons = OLD.reasons AND recorded_at = OLD.recorded_at
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a decision goes only before its letter is released, taken back and kept as it was'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER decision_never_removed BEFORE DELETE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_decision();
CREATE TRIGGER withdrawn_decisions_never_change BEFORE UPDATE OR DELETE ON decisions_withdrawndecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION granted_lines_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided record;
    come_to numeric;
BEGIN
    SELECT id, outcome = 'granted' AND amount < requested_amount AS is_partial, amount INTO decided
        FROM decisions_decision WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    SELECT sum(CASE WHEN is_contribution THEN -accepted ELSE accepted END) INTO come_to
        FROM decisions_grantedline WHERE decision_id = decided.id;
    -- Taken back in the same transaction, it is not there.
    IF decided.id IS NULL
        OR (decided.is_partial AND come_to IS NOT DISTINCT FROM decided.amount)
        OR (NOT decided.is_partial AND come_to IS NULL) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a grant in part is the sum of its budget lines, and no other decision has any'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE CONSTRAINT TRIGGER decision_is_the_sum_of_its_lines AFTER INSERT ON decisions_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION granted_lines_add_up('id');
CREATE CONSTRAINT TRIGGER granted_lines_come_to_the_decision AFTER INSERT ON decisions_grantedline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION granted_lines_add_up('decision_id');

CREATE FUNCTION refuse_removal_of_granted_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM decisions_withdrawndecision WHERE number = OLD.decision_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a budget line goes only with a decision that is taken back and kept as it was'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER granted_line_never_changes BEFORE UPDATE ON decisions_grantedline
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER granted_line_never_removed BEFORE DELETE ON decisions_grantedline
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_granted_line();

CREATE FUNCTION refuse_change_of_bank_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.application_id, NEW.iban, NEW.holder, NEW.given_by_id, NEW.given_at)
            = (OLD.id, OLD.application_id, OLD.iban, OLD.holder, OLD.given_by_id, OLD.given_at)
        AND (
            (OLD.state = 'waiting' AND NEW.state <> 'waiting')
            OR (
                OLD.state = 'counts' AND NEW.state = 'replaced'
                AND (NEW.checked_by_id, NEW.checked_at) = (OLD.checked_by_id, OLD.checked_at)
            )
        ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'of a bank account only what became of it changes, and it never goes'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER bank_account_never_changes BEFORE UPDATE OR DELETE ON decisions_bankaccount
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_bank_account();
"""

UNDO = """
DROP TRIGGER bank_account_never_changes ON decisions_bankaccount;
DROP FUNCTION refuse_change_of_bank_account();
DROP TRIGGER granted_line_never_removed ON decisions_grantedline;
DROP TRIGGER granted_line_never_changes ON decisions_grantedline;
DROP FUNCTION refuse_removal_of_granted_line();
DROP TRIGGER granted_lines_come_to_the_decision ON decisions_grantedline;
DROP TRIGGER decision_is_the_sum_of_its_lines ON decisions_decision;
DROP FUNCTION granted_lines_add_up();
DROP TRIGGER withdrawn_decisions_never_change ON decisions_withdrawndecision;
DROP TRIGGER decision_never_removed ON decisions_decision;
DROP FUNCTION refuse_removal_of_decision();
DROP TRIGGER decision_never_changes ON decisions_decision;
"""


class Migration(migrations.Migration):
    """Let the database refuse a second decision, another sum than its lines, and a change of a bank account (rules 18 and 19)."""

    dependencies = [("decisions", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
