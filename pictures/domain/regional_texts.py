"""Writing the text of a regional picture, and putting back an earlier version of it."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.earlier_versions import ONE_VERSION, is_much, taken_out
from hubportal.kernel.versions import is_to_be_saved
from mapping.permissions import may_map
from pictures.events import TEXT_PUT_BACK, TEXT_WRITTEN
from pictures.models import EarlierText, RegionalText
from pictures.regional_queries import VERSIONS_KEPT, earlier_texts_of
from regions.models import Region


@transaction.atomic(durable=True)
def save_regional_text(
    *, region: Region, text: str, sources: str, seen_version: int, actor: User, at: datetime
) -> RegionalText:
    """Save what is written beside the pictures of a region; what another person or another time left is kept. Idempotent.

    Raises ``NotAllowed`` when the region is not assigned to the actor, and ``NewerVersion`` when something else was saved
    over the seen version (rule 12).
    """
    kept = _locked(region, actor)
    if not is_to_be_saved(
        typed=(text, sources), kept=(kept.text, kept.sources), seen=seen_version, current=kept.version
    ):
        return kept
    _write(kept, text, sources, actor=actor, at=at)
    record(TEXT_WRITTEN, subject=kept, actor=actor, at=at)
    return kept


@transaction.atomic(durable=True)
def put_back_regional_text(
    *, region: Region, version: int, seen_version: int, actor: User, at: datetime
) -> RegionalText:
    """Write an earlier version anew; the text that it takes the place of is kept as one of the earlier ones. Idempotent.

    Raises ``NotAllowed``, ``DoesNotExist`` for a version that is not kept, and ``NewerVersion`` when something else was saved
    over the seen version (rule 12).
    """
    kept = _locked(region, actor)
    earlier = EarlierText.objects.get(region=region, version=version)
    typed = earlier.text, earlier.sources
    if not is_to_be_saved(
        typed=typed, kept=(kept.text, kept.sources), seen=seen_version, current=kept.version
    ):
        return kept
    # A stretch of its own: nothing of what stood there is written over.
    kept.begun_at = None
    _write(kept, *typed, actor=actor, at=at)
    record(TEXT_PUT_BACK, subject=kept, actor=actor, at=at)
    return kept


def _locked(region: Region, actor: User) -> RegionalText:
    may_map.check(actor, region)
    RegionalText.objects.bulk_create([RegionalText(region=region)], ignore_conflicts=True)
    return RegionalText.objects.select_for_update().get(region=region)


def _write(kept: RegionalText, text: str, sources: str, *, actor: User, at: datetime) -> None:
    is_same_stretch = (
        kept.changed_by_id == actor.pk
        and kept.begun_at is not None
        and at < kept.begun_at + ONE_VERSION
        and not is_much(taken_out(kept.text, text), length=len(kept.text))
    )
    if not is_same_stretch:
        _keep(kept, at=at)
        kept.begun_at = at
    kept.text, kept.sources = text, sources
    kept.version += 1
    kept.changed_by, kept.changed_at = actor, at
    kept.save()


def _keep(kept: RegionalText, *, at: datetime) -> None:
    """Keep a text as it is before it is changed, and the last ones alone."""
    if not kept.version:
        return
    EarlierText.objects.create(
        region=kept.region,
        version=kept.version,
        text=kept.text,
        sources=kept.sources,
        saved_by=kept.changed_by,
        saved_at=kept.changed_at or at,
    )
    last = earlier_texts_of(kept.region).values_list("pk", flat=True)[:VERSIONS_KEPT]
    EarlierText.objects.filter(region=kept.region).exclude(pk__in=list(last)).delete()
