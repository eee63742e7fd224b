"""Undoing a merge, and forgetting it once it can no longer be undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.domain.carrying import carry_back
from mapping.domain.leftovers import is_referred_to
from mapping.domain.publishing import set_public
from mapping.domain.question_versions import lock_questions_of, note_involvement
from mapping.domain.refusals import remember_last_word
from mapping.domain.rows import save_shared
from mapping.events import UNMERGED
from mapping.models import Merge
from mapping.permissions import may_edit, may_map
from mapping.queries import is_on_map_of, merges_to_forget
from organisations.domain.following import follow_back
from organisations.models import Organisation
from organisations.queries import regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region
from regions.names import sort_name


@transaction.atomic(durable=True)
def undo_merge(*, merge_id: int, region: Region, actor: User, at: datetime) -> Organisation:
    """Put both organisations back as they were before they were merged; return the one that went.

    What was changed since stays as it is now, with the one that stayed. Raises ``NotAllowed``, ``DoesNotExist`` for what
    was undone or forgotten, and ``RuleViolation`` when the other one came on a map again.
    """
    may_map.check(actor, region)
    pair = Merge.objects.filter(pk=merge_id).values_list("kept", "gone").first() or ()
    locked = {
        each.pk: each for each in Organisation.objects.select_for_update().filter(pk__in=pair).order_by("pk")
    }
    merge = Merge.objects.get(pk=merge_id)
    kept, gone, before = locked[merge.kept_id], locked[merge.gone_id], merge.before
    may_edit.check(actor, kept)
    if gone.mapped_at is not None:
        raise RuleViolation(
            _("The other organisation came on a map again. Merging cannot be undone any more.")
        )
    regions = set(regions_of_organisation(kept))
    lock_questions_of(kept, gone)
    _bring_back(gone, kept, before["gone"])
    carry_back(kept, gone, before, actor=actor, at=at)
    follow_back(gone, kept, before)
    note_involvement(gone, regions, region, actor=actor, at=at)
    _restore(kept, merge, actor=actor, at=at)
    # What was withdrawn since stays so (rule 23).
    if before["gone"]["is_public"] and kept.published_at is not None:
        set_public(gone, is_public=True, actor=actor, at=at)
        set_public(kept, is_public=before["is_public"], actor=actor, at=at)
    note_changes(regions, at=at)
    merge.delete()
    record(UNMERGED, subject=kept, actor=actor, at=at, facts={"organisation": gone.pk, "region": region.pk})
    return gone


def _bring_back(gone: Organisation, kept: Organisation, before: Mapping[str, Any]) -> None:
    gone.mapped_at, gone.now_as = datetime.fromisoformat(before["mapped_at"]), None
    gone.save(update_fields=["mapped_at", "now_as"])
    # What was merged before this was remembered, has it still.
    if "works_in" in before:
        gone.works_in.set(before["works_in"])
        gone.reaches.set(before["reaches"])
    region = Region.objects.filter(pk=before["apart_in"]).first() if before.get("apart_in") else None
    if region is None or is_on_map_of(region, before["kvk_number"], but=kept):
        # A number that was taken meanwhile is not theirs any more.
        return
    gone.kvk_number, gone.apart_in = before["kvk_number"], region
    try:
        # A savepoint: the number was free when it was looked up.
        with transaction.atomic():
            gone.save(update_fields=["kvk_number", "apart_in"])
    except IntegrityError:
        gone.kvk_number, gone.apart_in = "", None


def _restore(kept: Organisation, merge: Merge, *, actor: User, at: datetime) -> None:
    facts = dict(merge.before["facts"])
    was, after = facts.pop("reaches", ([], None))
    if after == sorted(each.pk for each in kept.reaches.all()):
        kept.reaches.set(was)
    for column, (value, merged) in facts.items():
        if getattr(kept, column) == merged:
            setattr(kept, column, value)
    kept.sort_name = sort_name(kept.name)
    save_shared(kept, actor=actor, at=at)
    # Where something was written down since, or people are asked, it stays active.
    busy = {*kept.map_entries.values_list("region", flat=True)}
    busy.update(kept.engagements.values_list("question__region", flat=True))
    kept.works_in.remove(*(each for each in merge.before["regions"] if each not in busy))


@transaction.atomic(durable=True)
def forget_merge(*, merge_id: int, at: datetime) -> bool:
    """Forget a merge that can no longer be undone, with the organisation that went unless something refers to it. Idempotent."""
    pair = Merge.objects.filter(pk=merge_id).values("gone")
    gone = Organisation.objects.select_for_update().filter(pk__in=pair).first()
    merge = merges_to_forget(at=at).filter(pk=merge_id).first()
    if gone is None or merge is None:
        return False
    merge.delete()
    if gone.mapped_at is None:
        remember_last_word(gone)
        gone.map_entries.all().delete()
        gone.engagements.all().delete()
        if not is_referred_to(gone):
            gone.delete()
    return True
