from django.db import migrations

TABLES = {
    "applications_frozencontent": "frozen_content_never_changes",
    "applications_sealedapplication": "sealed_application_never_changes",
    "applications_declarationsignature": "declaration_signature_never_changes",
}

TRIGGERS = "".join(
    f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
    for table, name in TABLES.items()
)
UNDO = "".join(f"DROP TRIGGER {name} ON {table};" for table, name in TABLES.items())


class Migration(migrations.Migration):
    """Let the database refuse a change of what was submitted, sealed and signed (rule 4)."""

    dependencies = [("applications", "0001_initial"), ("audit", "0002_rows_that_never_change")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
