"""Every address of the project, found by walking the URL configuration."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def all_names() -> list[str]:
    """Return the full name of every address; one without a name by its pattern."""
    return sorted(set(_walk(get_resolver().url_patterns, ())))


def _walk(patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from _walk(each.url_patterns, inner)
        else:
            yield ":".join([*namespaces, each.name or str(each.pattern)])
