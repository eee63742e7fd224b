"""What the committee wrote before, on the pages of a draft that was begun again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from applications.models import Application
from decisions.domain.earlier_remarks import Remarks, remarks_before

register = template.Library()


@register.simple_tag(takes_context=True)
def remarks_on_draft(context: dict[str, Any], draft: Application) -> Remarks | None:
    """Return what the committee wrote about the application before this draft, where its reader may know."""
    return remarks_before(draft, context["request"].user)


@register.simple_tag(takes_context=True)
def remarks_on_section(
    context: dict[str, Any], draft: Application, criteria: Iterable[Mapping[str, Any]]
) -> Remarks | None:
    """Return the same, with the scores on the criteria of one section alone."""
    titles = {each["title"] for each in criteria}
    return remarks_before(draft, context["request"].user, criteria=titles)
