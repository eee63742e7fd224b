"""Erasing a draft, and offers of the lead of a coalition, that are past their retention period."""

from datetime import datetime

from applications.domain.lifecycle import WrongStatus
from applications.models import Application
from coalitions.models import Coalition
from regions.domain.changes import note_changes


def erase_draft(application: Application, *, at: datetime) -> list[str]:
    """Erase a locked application that was never submitted, with all that was written in it, within the act that destroys it.

    Returns the names of its stored files, which are still there. Raises ``WrongStatus`` for what was submitted.
    """
    if application.submitted_at is not None:
        raise WrongStatus("what was submitted is never erased")
    files = list(application.attachments.values_list("stored_as", flat=True))
    files += application.copies.exclude(stored_as="").values_list("stored_as", flat=True)
    files += application.consents.exclude(copy_stored_as="").values_list("copy_stored_as", flat=True)
    # What was begun with it says no longer with what.
    Application.objects.filter(started_from=application).update(started_from=None)
    # Answers hold on to the links by which they were given.
    application.consents.all().delete()
    application.consent_questions.all().delete()
    application.links.all().delete()
    application.delete()
    # Without its last application a coalition is not on its way any more, unless it shows itself anew.
    coalition = application.coalition
    if coalition.is_shown and not coalition.applications.exists():
        coalition.is_shown = False
        coalition.save(update_fields=["is_shown"])
    note_changes([coalition.region_id], at=at)
    return files


def erase_lead_offers_of(coalition: Coalition) -> None:
    """Erase to whom the lead of a locked coalition was offered, within the act that destroys the coalition (rule 44)."""
    coalition.lead_offers.all().delete()
