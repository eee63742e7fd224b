"""The kinds of organisations that the project carries as data."""

import json
from pathlib import Path

from django.db import transaction

from organisations.models import OrganisationKind


@transaction.atomic(durable=True)
def load_kinds(folder: Path) -> int:
    """Load the kinds of organisations, and return how many there are. Idempotent: words and order become those of the file."""
    listed = json.loads((folder / "organisation_kinds.json").read_text(encoding="utf-8"))
    for position, each in enumerate(listed, start=1):
        words = {"name": each["name"], "name_in_english": each["name_in_english"], "position": position}
        OrganisationKind.objects.update_or_create(code=each["code"], defaults=words)
    return OrganisationKind.objects.count()
