"""Who speaks for an organisation no more, because others said so (rule 27)."""

from collections.abc import Collection, Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from organisations.models import Representative
from organisations.unbroken import goes_on_otherwise


def ended_by_nobody(organisation: str, box: str) -> Q:
    """Return the condition on rows with an organisation and a mailbox that others did not end its owner there (rule 27).

    Or somebody was proved with that mailbox since. What somebody who was proved ended themselves while a colleague disputed it counts
    too: nobody is rid of a dispute by that. By the mailbox of their account now, and by each that they had then.
    """
    of_box = Q(user__mailbox=OuterRef(box)) | Q(ended_mailboxes__contains=[OuterRef(box)])
    anew = _proved_since().filter(user__mailbox=OuterRef(OuterRef(box)))
    ended = _ended().filter(of_box, ~Exists(anew), organisation=OuterRef(organisation))
    return ~Q(Exists(ended))


def is_ended_by_others(organisation_id: int, box: str) -> bool:
    """Tell whether others ended whoever has a mailbox at an organisation, as ``mailboxes_ended_at`` knows them (rule 28)."""
    return box in mailboxes_ended_at([organisation_id])[organisation_id]


def mailboxes_ended_at(organisations: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Return of each organisation the mailboxes of whom others ended there: all that they had then, and that of their account now (rule 28).

    Not one that they confirmed since beside it, nor one by which somebody speaks for it now: it may be that of the organisation,
    with another reader.
    """
    found = {each: set[str]() for each in organisations}
    anew = ArraySubquery(_proved_since().order_by("pk").values("user__mailbox"))
    ended = _ended().filter(organisation__in=organisations).annotate(anew=anew).select_related("user")
    for row in ended.order_by("pk"):
        found[row.organisation_id] |= {*row.ended_mailboxes, row.user.mailbox} - {*row.anew}
    return {each: frozenset(boxes) for each, boxes in found.items()}


def _proved_since() -> QuerySet[Representative]:
    """Return who was proved after an outer row ended, or is now, at its organisation: the office took back what it said, whatever became of it."""
    since = Q(ended_at=None) | Q(proved_at__gt=OuterRef("ended_at"))
    return Representative.objects.filter(
        since, organisation=OuterRef("organisation"), proved_at__isnull=False
    )


def _ended() -> QuerySet[Representative]:
    anew = _proved_since().filter(user__mailbox=OuterRef("user__mailbox"))
    # Of who was proved, under this name or the one before, by somebody who was too: the word of a kwartiermaker settles nothing.
    there = Representative.objects.filter(organisation=OuterRef("organisation"))
    was_proved = there.filter(user=OuterRef("user"), proved_at__isnull=False)
    colleague = there.filter(user=OuterRef("contested_by"), proved_at__isnull=False)
    # Not as part of naming it otherwise; who says it anew after they stopped, says it as who was disputed.
    while_disputed = Q(
        Exists(colleague), Exists(was_proved), ~goes_on_otherwise(), contested_at__isnull=False
    )
    ended = Representative.objects.filter(~Exists(anew), ended_at__isnull=False)
    return ended.filter(~Q(ended_by=F("user")) | while_disputed)
