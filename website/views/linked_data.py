"""What a page says, once more for programs (JSON-LD of schema.org): only what its readers read too."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from hubportal.mail.domain.composing import address_of
from regions.models import Municipality, Region
from website.domain.grants import PublicGrant

# As Django's own json_script: nothing in the data ends the element or begins another.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def region_as_data(
    region: Region, municipalities: Iterable[Municipality], granted: Iterable[PublicGrant]
) -> SafeString:
    """Return a region with its municipalities, and the grants that were awarded there."""
    page = address_of("website:region", region.slug)
    place = {
        "@type": "AdministrativeArea",
        "@id": f"{page}#region",
        "name": region.name,
        "identifier": region.code,
        "url": page,
        "containedInPlace": {"@type": "Country", "name": "Nederland"},
        "containsPlace": [
            {"@type": "AdministrativeArea", "name": each.name, "identifier": each.code}
            for each in municipalities
        ],
    }
    return _written([place, *(_grant(each, place["@id"]) for each in granted)])


def _grant(grant: PublicGrant, region: Any) -> dict[str, Any]:
    return {
        "@type": "MonetaryGrant",
        "name": grant.title,
        "amount": {"@type": "MonetaryAmount", "currency": "EUR", "value": str(grant.amount)},
        "fundedItem": {"@type": "Project", "name": grant.title, "areaServed": {"@id": region}},
    }


def _written(graph: list[dict[str, Any]]) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 -- nothing in it can end the element
