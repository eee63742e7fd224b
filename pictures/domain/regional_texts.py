"""Writing the text of a regional picture."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import is_to_be_saved
from mapping.permissions import may_map
from pictures.events import TEXT_WRITTEN
from pictures.models import RegionalText
from regions.models import Region


@transaction.atomic(durable=True)
def save_regional_text(
    *, region: Region, text: str, sources: str, seen_version: int, actor: User, at: datetime
) -> RegionalText:
    """Save what is written beside the pictures of a region. Idempotent.

    Raises ``NotAllowed`` when the region is not assigned to the actor, and ``NewerVersion`` when something else was saved
    over the seen version (rule 12).
    """
    may_map.check(actor, region)
    RegionalText.objects.bulk_create([RegionalText(region=region)], ignore_conflicts=True)
    kept = RegionalText.objects.select_for_update().get(region=region)
    if not is_to_be_saved(
        typed=(text, sources), kept=(kept.text, kept.sources), seen=seen_version, current=kept.version
    ):
        return kept
    kept.text, kept.sources = text, sources
    kept.version += 1
    kept.changed_by, kept.changed_at = actor, at
    kept.save()
    record(TEXT_WRITTEN, subject=kept, actor=actor, at=at)
    return kept
