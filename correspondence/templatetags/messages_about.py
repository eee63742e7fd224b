"""The way to the messages about an application, on pages of other apps."""

from typing import Any

from django import template

from correspondence.permissions import may_answer, may_discuss

register = template.Library()


@register.simple_tag(takes_context=True)
def messages_of_applicants(context: dict[str, Any], application: Any) -> dict[str, bool] | None:
    """Return whether the office wrote something that was not opened yet; nothing for whoever does not write for the applicants."""
    if not may_discuss.allows(context["request"].user, application):
        return None
    return {"unread": application.conversations.filter(unread_since__isnull=False).exists()}


@register.simple_tag(takes_context=True)
def messages_of_office(context: dict[str, Any], application: Any) -> dict[str, bool] | None:
    """Return whether something waits for an answer; nothing for whoever does not write for the office."""
    if not may_answer.allows(context["request"].user, application):
        return None
    return {"waits": application.conversations.filter(waits_since__isnull=False).exists()}
