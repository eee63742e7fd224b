"""What stays of the map on a row that went off it."""

from collections.abc import Collection

from django.db.models import Q

from mapping.domain.refusals import remember_last_word
from mapping.models import CorrectionRequest, Engagement, Merge, PublishingRequest, Tie
from organisations.models import Organisation

# The apps whose rows say what is on a map, or came on it by which spreadsheet.
_OF_MAP = frozenset({"mapping", "imports"})
# What somebody made of an organisation on the map, beside its own row.
_ON_THE_MAP = frozenset({CorrectionRequest, Engagement, Merge, PublishingRequest, Tie})


def take_off_every_map(organisation: Organisation, *, now_as: Organisation | None = None) -> None:
    """Take a row off every map, within the caller's act; with what the map goes on with for it, if anything.

    A number that a region has apart goes with it: only a map has such a number.
    """
    organisation.mapped_at, organisation.now_as = None, now_as
    if organisation.apart_in_id is not None:
        organisation.kvk_number, organisation.apart_in = "", None
    organisation.save(update_fields=["mapped_at", "now_as", "kvk_number", "apart_in"])
    organisation.works_in.clear()
    organisation.reaches.clear()


def clear_leftovers(organisation: Organisation) -> None:
    """Clear what a row that is on no map still keeps of one, within the caller's act, before it comes on another (rule 26)."""
    remember_last_word(organisation)
    Merge.objects.filter(gone=organisation).delete()
    organisation.map_entries.all().delete()
    organisation.engagements.all().delete()
    organisation.publishing_requests.all().delete()
    organisation.corrections_asked.all().delete()
    Tie.objects.filter(Q(one=organisation) | Q(other=organisation)).delete()
    organisation.works_in.clear()
    organisation.reaches.clear()


def make_way(organisation: Organisation, moved: Organisation) -> None:
    """Clear a row that another one of the map goes to, within the caller's act, and take along what was merged into that.

    What the row itself kept since it was merged, comes back no more.
    """
    clear_leftovers(moved)
    Tie.objects.filter(one=organisation).update(one=moved)
    Tie.objects.filter(other=organisation).update(other=moved)
    Merge.objects.filter(kept=organisation).update(kept=moved)
    organisation.publishing_requests.update(organisation=moved)
    organisation.corrections_asked.update(organisation=moved)


def is_referred_to(organisation: Organisation) -> bool:
    """Tell whether anything but the map refers to an organisation."""
    return bool(referred_to([organisation.pk]))


def referred_to(keys: Collection[int], *, by_map: bool = False) -> set[int]:
    """Return which organisations anything but the map refers to, or with ``by_map`` questions, ties and merges of the map."""
    found: set[int] = set()
    for relation in Organisation._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.auto_created or relation.concrete or model is None or isinstance(model, str):
            continue
        is_of_map = model._meta.auto_created or model._meta.app_label in _OF_MAP or model is Organisation
        is_asked = model in _ON_THE_MAP if by_map else not is_of_map
        # Many to many: the rows in between refer to it, and are asked by themselves.
        if not is_asked or relation.many_to_many:
            continue
        field = relation.field.name  # type: ignore[union-attr]
        rows = model._default_manager.filter(**{f"{field}__in": keys})
        found |= set(rows.order_by().values_list(field, flat=True))
    return found
