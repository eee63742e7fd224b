"""Background work of documents."""

from celery import shared_task

from hubportal.documents.domain.orphans import remove_orphans
from hubportal.kernel import clock


@shared_task(name="documents.remove_orphans")
def remove_orphans_task() -> None:
    """Remove the files that failed acts left behind."""
    remove_orphans(at=clock.of_this_machine())
