"""The language of an address: a Dutch page has one without a prefix, in another language it begins with that language."""

from django.conf import settings


def language_of(path: str) -> str:
    """Return the language of the page at a path; nothing but the path chooses it."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in _prefixed() else settings.LANGUAGE_CODE


def without_language(path: str) -> str:
    """Return the path of the same page in Dutch."""
    language = language_of(path)
    return path if language == settings.LANGUAGE_CODE else path.removeprefix(f"/{language}") or "/"


def in_language(path: str, language: str) -> str:
    """Return the path of the same page in a language."""
    plain = without_language(path)
    return plain if language == settings.LANGUAGE_CODE else f"/{language}{plain}"


def _prefixed() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
