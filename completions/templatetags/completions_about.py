"""What is asked to complete of an application, on pages of other apps."""

from typing import Any

from django import template

from completions.enums import CompletionState
from completions.permissions import may_ask_to_complete, may_complete
from completions.queries import asked_about, request_about
from completions.views.completion import rows_of

register = template.Library()


@register.simple_tag(takes_context=True)
def completion_of_applicants(context: dict[str, Any], application: Any) -> Any:
    """Return what is asked of an application; nothing for whoever does not complete it."""
    if not application.was_asked_to_complete or not may_complete.allows(context["request"].user, application):
        return None
    return getattr(application, "completion", None)


@register.simple_tag(takes_context=True)
def completion_of_office(context: dict[str, Any], application: Any) -> dict[str, Any] | None:
    """Return the request that the office writes or asked, if any; nothing for whoever does not ask for it."""
    if not may_ask_to_complete.allows(context["request"].user, application):
        return None
    return {"request": request_about(application), "states": CompletionState}


@register.simple_tag
def completed_beside(application: Any) -> dict[str, Any] | None:
    """Return what was asked of an application and what came, for who reads what was submitted."""
    asked = asked_about(application) if application.was_asked_to_complete else None
    if asked is None:
        return None
    return {"asked": asked, "rows": rows_of(application, asked)}
