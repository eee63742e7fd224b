"""What somebody typed in a form that the portal cannot take any more."""

import re
from typing import Any

from django import template
from django.urls import ResolverMatch

register = template.Library()

# What a form carries along, and what no page may repeat.
_CARRIED = re.compile(
    r"csrfmiddlewaretoken|page_of|page_mark|next|key|code|seen.*|.*version|.*(password|secret|token).*|.*-(TOTAL|INITIAL)_FORMS",
    re.IGNORECASE,
)
# The word of a choice, a municipality, a number or a day: chosen, and quickly done again.
_CHOSEN = re.compile(r"[a-z0-9_:-]{0,80}|GM\d{4}")
# A telephone number or the number of an organisation.
_NUMBER = re.compile(r"\d{8,}")


@register.simple_tag(takes_context=True)
def typed_texts(context: template.Context) -> list[str]:
    """Return the texts that were sent to this page by a form of ours, in their order.

    Without a view that takes forms of ours alone, anybody's page may have sent it: nothing of that is repeated.
    """
    request: Any = context.get("request")
    if request is None or request.method != "POST" or not _is_ours(request.resolver_match):
        return []
    sent = [
        text.strip() for name, texts in request.POST.lists() if not _CARRIED.fullmatch(name) for text in texts
    ]
    return list(dict.fromkeys(each for each in sent if _is_typed(each)))


def _is_ours(place: ResolverMatch | None) -> bool:
    return place is not None and not getattr(place.func, "csrf_exempt", False)


def _is_typed(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) or not _CHOSEN.fullmatch(text)
