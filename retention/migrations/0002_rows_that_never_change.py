from django.db import migrations

KEEPS = """
CREATE TRIGGER closed_destruction_report_never_changes BEFORE UPDATE OR DELETE ON retention_destructionreport
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER carried_out_row_never_changes BEFORE UPDATE OR DELETE ON retention_listedrow
    FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER carried_out_row_never_changes ON retention_listedrow;
DROP TRIGGER closed_destruction_report_never_changes ON retention_destructionreport;
"""


class Migration(migrations.Migration):
    """Let the database keep the declaration of what was destroyed as it is (rule 23)."""

    dependencies = [("retention", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(KEEPS, UNDO)]
