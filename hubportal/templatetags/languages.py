"""The languages of a page, and the words on it that are Dutch in each of them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import Library
from django.utils.translation import get_language

from hubportal.kernel.languages import dutch, in_language

register = Library()
register.filter("dutch", dutch)

# What search engines may know in both languages.
_PUBLIC = frozenset({"website", "documents"})


@register.simple_tag
def home_address() -> str:
    """Return the path of the home page in the language of this page; no address has to be known for it."""
    return in_language("/", get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def page_in_other_languages(context: dict[str, Any]) -> list[dict[str, str]]:
    """Return the path of this very page, with its query, in each other language."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    return [each for each in _in_all(request.get_full_path()) if each["code"] != get_language()]


@register.simple_tag(takes_context=True)
def public_languages(context: dict[str, Any]) -> list[dict[str, str]]:
    """Return the whole address of this page in each language, where it is one for everybody; else nothing."""
    request: HttpRequest | None = context.get("request")
    if request is None or not _is_for_everybody(request):
        return []
    return [{"code": each["code"], "address": _whole(each["address"])} for each in _in_all(request.path)]


@register.simple_tag(takes_context=True)
def public_address(context: dict[str, Any]) -> str:
    """Return the whole address of this page, without its query, where it is one for everybody; else nothing."""
    request: HttpRequest | None = context.get("request")
    return _whole(request.path) if request is not None and _is_for_everybody(request) else ""


def _is_for_everybody(request: HttpRequest) -> bool:
    place = getattr(request, "resolver_match", None)
    return place is not None and place.app_name in _PUBLIC and not request.user.is_authenticated


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"


def _in_all(path: str) -> list[dict[str, str]]:
    return [{"code": code, "address": in_language(path, code)} for code, _name in settings.LANGUAGES]
