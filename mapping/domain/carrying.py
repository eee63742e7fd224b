"""Carrying talks and involvement over from one organisation to another, and back."""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from hubportal.accounts.models import User
from mapping.agreement_queries import has_declined
from mapping.domain.involvement import Part, joined, part_of
from mapping.domain.refusals import remember_last_word
from mapping.domain.rows import write_entry
from mapping.enums import AgreementState, TieKind
from mapping.models import Engagement, MapEntry, PublishingRequest, RefusedNumber, Tie
from organisations.models import Organisation
from regions.models import Region

_TALK = ("talk", "next_on", "notes")


def carry_entries(
    kept: Organisation,
    gone: Organisation,
    region: Region,
    talk: Mapping[str, Any],
    *,
    actor: User,
    at: datetime,
) -> dict[str, Any]:
    """Carry the talk of each region over, within the caller's act; return what stood there before.

    Where a region talked with both, both notes are kept; in the region of the caller what it chose, elsewhere what was
    written of the one that stays, if anything was.
    """
    mine = {each.region_id: each for each in kept.map_entries.all()}
    moved, changed = [], {}
    for theirs in gone.map_entries.filter(emptied_at=None, removed_at=None):
        entry = mine.get(theirs.region_id)
        if entry is None:
            theirs.organisation = kept
            theirs.save(update_fields=["organisation"])
            moved.append(theirs.pk)
            entry = theirs
        else:
            changed[str(entry.pk)] = _state(entry)
            _join(entry, theirs, actor=actor, at=at)
        if entry.region_id == region.pk:
            changed.setdefault(str(entry.pk), _state(entry))
            write_entry(entry, talk, actor=actor, at=at)
        if str(entry.pk) in changed:
            changed[str(entry.pk)]["version_after"] = entry.version
    return {"moved_entries": moved, "entries": changed}


def _state(entry: MapEntry) -> dict[str, Any]:
    names = (*_TALK, "removed_at", "was_public", "emptied_at", "version")
    return {name: getattr(entry, name) for name in names}


def _join(entry: MapEntry, other: MapEntry, *, actor: User, at: datetime) -> None:
    # What is on one of both maps of a region stays on it.
    entry.removed_at = entry.removed_by = entry.emptied_at = None
    entry.was_public = False
    entry.save()
    notes = [each for each in dict.fromkeys([entry.notes, other.notes]) if each]
    days = [each for each in (entry.next_on, other.next_on) if each]
    values = {
        "talk": entry.talk or other.talk,
        "next_on": min(days, default=None),
        "notes": "\n\n".join(notes),
    }
    write_entry(entry, values, actor=actor, at=at)


def carry_bins(kept: Organisation, gone: Organisation, on_map: Collection[int]) -> dict[int, int]:
    """Carry over what lies in the bins of regions that do not have the one that stays; return each region's entry.

    ``on_map`` are the regions on whose map either of them is. Within the caller's act.
    """
    known = {*on_map, *kept.map_entries.values_list("region", flat=True)}
    binned = gone.map_entries.filter(removed_at__isnull=False, emptied_at=None).exclude(region__in=known)
    moved = dict(binned.values_list("region", "pk"))
    gone.map_entries.filter(pk__in=moved.values()).update(organisation=kept)
    return moved


def carry_engagements(kept: Organisation, gone: Organisation, regions: Collection[int]) -> dict[str, Any]:
    """Carry the involvement in the questions of these regions over, within the caller's act; return what stood there before.

    Where both were involved in a question in the same form, what was written down of both is joined.
    """
    mine = {(each.question_id, each.form): each for each in kept.engagements.all()}
    moved, changed = [], {}
    for theirs in gone.engagements.filter(question__region__in=list(regions)):
        own = mine.get((theirs.question_id, theirs.form))
        if own is None:
            theirs.organisation = kept
            theirs.save(update_fields=["organisation"])
            moved.append(theirs.pk)
        elif (both := joined(part_of(own), part_of(theirs))) != part_of(own):
            changed[str(own.pk)] = [_written(part_of(own)), _written(both)]
            _write_part(own, both)
    return {"moved_engagements": moved, "engagements": changed}


def _written(part: Part) -> list[str]:
    return [str(each or "") for each in astuple(part)]


def _write_part(row: Engagement, part: Part) -> None:
    row.since_on, row.until_on, row.how_it_went = astuple(part)
    row.save(update_fields=["since_on", "until_on", "how_it_went"])


def carry_ties(kept: Organisation, gone: Organisation) -> dict[str, Any]:
    """Carry the ties over, within the caller's act; return which. Those that the one that stays has already, wait where they are."""
    moved = []
    for tie in Tie.objects.filter(Q(one=gone) | Q(other=gone)).order_by("pk"):
        end = "one" if tie.one_id == gone.pk else "other"
        setattr(tie, end, kept)
        same = Tie.objects.filter(one=tie.one, kind=tie.kind)
        is_known = (
            same.exists()
            if tie.kind == TieKind.PART_OF and end == "one"
            else same.filter(other=tie.other).exists()
        )
        if tie.one_id != tie.other_id and not is_known:
            tie.save(update_fields=[end])
            moved.append([tie.pk, end])
    return {"ties": moved}


def carry_answers(kept: Organisation, gone: Organisation, *, at: datetime) -> dict[str, Any]:
    """Carry over what an organisation answered about its card, within the caller's act, and what was asked of it; return which.

    A refusal holds for the one that stays, whichever said it and whatever the other agreed to later: that goes off the map,
    or a friend's row would make public who does not want to be. What was agreed to is over, since that is another text, but
    it can still be withdrawn.
    """
    remember_last_word(gone)
    agreed = Q(state=AgreementState.AGREED)
    is_outweighed = not has_declined(kept) and has_declined(gone)
    outweighed = kept.publishing_requests.filter(agreed) if is_outweighed else kept.publishing_requests.none()
    answers = gone.publishing_requests.filter(answered_at__isnull=False)
    if is_outweighed or has_declined(kept):
        answers = answers.exclude(agreed)
    ended = PublishingRequest.objects.filter(agreed, Q(pk__in=answers) | Q(pk__in=outweighed), ended_at=None)
    carried: dict[str, Any] = {
        "answers": list(answers.values_list("pk", flat=True)),
        "outweighed": list(outweighed.values_list("pk", flat=True)),
        "agreed": list(ended.values_list("pk", flat=True)),
        "corrections": list(gone.corrections_asked.values_list("pk", flat=True)),
    }
    requests = PublishingRequest.objects
    requests.filter(pk__in=carried["agreed"]).update(ended_at=at)
    requests.filter(pk__in=carried["outweighed"]).update(organisation=gone)
    requests.filter(pk__in=carried["answers"]).update(organisation=kept)
    gone.corrections_asked.update(organisation=kept)
    if new := remember_last_word(kept):
        carried["remembered"] = [new.pk, new.refused_at.isoformat()]
    return carried


def _carry_answers_back(kept: Organisation, gone: Organisation, before: Mapping[str, Any]) -> None:
    # What was merged before this was remembered, has none.
    moved = kept.publishing_requests.filter(pk__in=before.get("answers", []))
    outweighed = gone.publishing_requests.filter(pk__in=before.get("outweighed", []))
    agreed = before.get("agreed", [])
    answers = list(moved.values_list("pk", flat=True))
    for rows in (moved, outweighed):
        rows.filter(pk__in=agreed, state=AgreementState.AGREED).update(ended_at=None)
    outweighed.update(organisation=kept)
    PublishingRequest.objects.filter(pk__in=answers).update(organisation=gone)
    kept.corrections_asked.filter(pk__in=before.get("corrections", [])).update(organisation=gone)
    if remembered := before.get("remembered"):
        # Unless it was said once more.
        key, said_at = remembered
        RefusedNumber.objects.filter(pk=key, refused_at=datetime.fromisoformat(said_at)).delete()


def carry_back(
    kept: Organisation, gone: Organisation, before: Mapping[str, Any], *, actor: User, at: datetime
) -> None:
    """Carry back what was carried over, within the caller's act; what was changed since stays as it is now."""
    kept.map_entries.filter(pk__in=before["moved_entries"]).update(organisation=gone)
    kept.engagements.filter(pk__in=before["moved_engagements"]).update(organisation=gone)
    _carry_answers_back(kept, gone, before)
    for key, end in before["ties"]:
        Tie.objects.filter(pk=key, **{end: kept}).update(**{end: gone})
    for row in kept.engagements.filter(pk__in=before["engagements"]):
        (since, until, story), after = before["engagements"][str(row.pk)]
        if _written(part_of(row)) == after:
            _write_part(row, Part(_day(since), _day(until), story))
    for entry in MapEntry.objects.filter(pk__in=before["entries"]):
        was = before["entries"][str(entry.pk)]
        if entry.version != was["version_after"]:
            continue
        entry.removed_at, entry.emptied_at = (_moment(was[each]) for each in ("removed_at", "emptied_at"))
        entry.was_public = was["was_public"]
        entry.save()
        talk = {"talk": was["talk"], "notes": was["notes"], "next_on": _day(was["next_on"])}
        write_entry(entry, talk, actor=actor, at=at)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
