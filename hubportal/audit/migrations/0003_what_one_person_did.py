from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find what one person did in a day without reading the whole log; made beside the portal that runs."""

    # An index is made concurrently only outside a transaction.
    atomic = False

    dependencies = [
        ("audit", "0002_rows_that_never_change"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["actor_id", "act", "happened_at"], name="audit_event_by_actor"),
        ),
    ]
