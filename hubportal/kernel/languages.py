"""The language of an address, and words that are Dutch in every language of the screen.

A Dutch page has an address without a prefix; in another language it begins with that language.
"""

from html import unescape
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def language_of(path: str) -> str:
    """Return the language of the page at a path; nothing but the path chooses it."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in _prefixed() else settings.LANGUAGE_CODE


def without_language(path: str) -> str:
    """Return the path of the same page in Dutch, on this very site: two slashes in front would name another."""
    language = language_of(path)
    return path if language == settings.LANGUAGE_CODE else "/" + path.removeprefix(f"/{language}").lstrip("/")


def in_language(path: str, language: str) -> str:
    """Return the path of the same page in a language."""
    plain = without_language(path)
    return plain if language == settings.LANGUAGE_CODE else f"/{language}{plain}"


def dutch(text: Any) -> SafeString:
    """Mark as Dutch what somebody wrote, or a Dutch name, where the page is in another language; as HTML."""
    if text is None or text == "":
        return SafeString("")
    if get_language() == settings.LANGUAGE_CODE:
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)


def filled_in(sentence: str | Promise, **values: Any) -> SafeString:
    """Return a sentence with its values in it, some of them perhaps marked as Dutch; as HTML."""
    escaped = {
        name: each if isinstance(each, int) else conditional_escape(each) for name, each in values.items()
    }
    return mark_safe(conditional_escape(str(sentence)) % escaped)  # noqa: S308 all parts were escaped


def as_text(sentence: str | Promise) -> str:
    """Return a sentence without the marks that ``dutch`` and ``filled_in`` put in it, for who shows it as text alone."""
    words = str(sentence)
    return unescape(strip_tags(words)) if isinstance(words, SafeString) else words


def _prefixed() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
