from django.db import migrations, models

# From the signatures of before, which never change.
SIGNED = """
UPDATE applications_application SET fully_signed_at = signed.last
FROM (
    SELECT application_id, max(signed_at) AS last FROM applications_declarationsignature
    GROUP BY application_id HAVING count(*) = 2
) AS signed
WHERE signed.application_id = applications_application.id;
"""


class Migration(migrations.Migration):
    """Keep since when both signatures of an application are there, so that lists find who lacks one."""

    dependencies = [("applications", "0003_mails_asked_withdrawals_and_post")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="fully_signed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="signed by both at"),
        ),
        migrations.RunSQL(SIGNED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("fully_signed_at", None), ("submitted_at__isnull", False)),
                fields=["submitted_at"],
                name="application_lacks_a_signature",
            ),
        ),
    ]
