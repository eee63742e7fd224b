"""What stays of the map on a row that went off it."""

from django.db.models import Q

from mapping.models import Merge, Tie
from organisations.models import Organisation


def take_off_every_map(organisation: Organisation) -> None:
    """Take a row off every map, within the caller's act.

    A number that a region has apart goes with it: only a map has such a number.
    """
    organisation.mapped_at = None
    if organisation.apart_in_id is not None:
        organisation.kvk_number, organisation.apart_in = "", None
    organisation.save(update_fields=["mapped_at", "kvk_number", "apart_in"])
    organisation.works_in.clear()
    organisation.reaches.clear()


def clear_leftovers(organisation: Organisation) -> None:
    """Clear what a row that is on no map still keeps of one, within the caller's act, before it comes on another (rule 26)."""
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
    for relation in Organisation._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.auto_created or relation.concrete or model is None or isinstance(model, str):
            continue
        is_of_map = model._meta.auto_created or model._meta.app_label == "mapping"
        # Many to many: the rows in between refer to it, and are asked by themselves.
        if is_of_map or relation.many_to_many:
            continue
        if model._default_manager.filter(**{relation.field.name: organisation}).exists():  # type: ignore[union-attr]
            return True
    return False
