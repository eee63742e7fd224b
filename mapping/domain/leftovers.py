"""What stays of the map on a row that went off it."""

from django.db.models import Q

from mapping.models import Merge, Tie
from organisations.models import Organisation


def make_way(organisation: Organisation, moved: Organisation) -> None:
    """Clear a row that another one of the map goes to, within the caller's act, and take along what was merged into that.

    What the row itself kept since it was merged, comes back no more.
    """
    Merge.objects.filter(gone=moved).delete()
    moved.map_entries.all().delete()
    moved.engagements.all().delete()
    Tie.objects.filter(Q(one=moved) | Q(other=moved)).delete()
    Tie.objects.filter(one=organisation).update(one=moved)
    Tie.objects.filter(other=organisation).update(other=moved)
    Merge.objects.filter(kept=organisation).update(kept=moved)


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
