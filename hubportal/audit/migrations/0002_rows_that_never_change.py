from django.db import migrations

KEEPS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER audit_events_never_change BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_batches_never_change BEFORE UPDATE OR DELETE ON audit_auditbatch
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_links_never_change BEFORE UPDATE OR DELETE ON audit_auditlink
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER audit_links_never_change ON audit_auditlink;
DROP TRIGGER audit_batches_never_change ON audit_auditbatch;
DROP TRIGGER audit_events_never_change ON audit_auditevent;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Let the database refuse a change of the event log (rule 21)."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
