"""Showing pages that a client was answered in a browser, with style and scripts of the portal and without a server."""

from collections.abc import Callable, Mapping

from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

HOST = "http://hubportaal.test"


KINDS = (".css", ".js")


def showing(page: Page, pages: Mapping[str, str], *, kinds: tuple[str, ...] = KINDS) -> Callable[[str], None]:
    """Return a function that opens one of some pages by its address.

    ``kinds`` of static files are served: without ``.woff2`` in letters of the machine, and in less time.
    """

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(HOST)
        file = finders.find(address.removeprefix("/static/")) if address.endswith(kinds) else None
        if address in pages:
            route.fulfill(body=pages[address], content_type="text/html; charset=utf-8")
        elif file is not None:
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)
    return lambda address: page.goto(f"{HOST}{address}") and None
