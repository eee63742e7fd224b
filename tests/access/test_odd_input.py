"""Every address, asked with what no page of ours sends, by somebody who may come there: refused plainly, never a fault."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from django.core.cache import cache as limits
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms.forms import BaseForm

from hubportal.kernel import clock
from tests.access.test_matrix import NO_PLACE, TABLES, path_of
from tests.access.world import PERSONAS, PRESENT, World, build
from tests.architecture.sources import PORTAL_MODULES
from tests.database import around_acts

# How a field can be filled in that no browser of ours would.
ODD = {
    "nothing": "",
    "blanks": " \t\r\n\u00a0",
    "null byte": "a\x00b",
    "huge number": "9" * 400,
    "negative": "-1",
    "exponent": "1e400",
    "not a number": "NaN",
    "day that is none": "2024-02-30",
    "signs": "'\"<script>{}[]%00\\u0000",
    "half a character": "\ud800".encode("utf-8", "surrogatepass"),
    "long": "ü" * 20_000,
    "other direction": "\u202e\u2066" * 20,
    "json": '{"a": [1, null]}',
    "a path": "../../../../etc/passwd",
}
QUERIES = [
    "?page=0&zoek=%00&volgorde=score&postcode=0000ZZ&next=//elders.example",
    "?page=999999999999999999999&zoek=%FF%FE&gemeente=x&region=%00&call=-1&taal=xx",
    "?page=last&page=-1&handeling=%27%22&status=nee&ronde=1e9&nummer=%D9%A3",
]
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
# Fields that say what kind of request this is, and would end it before the others are read.
LEAVE = {"csrfmiddlewaretoken"}
# How many forms of a page have something else that is odd in each field: a part of all, since each costs a request.
TURNS = 6
# How often an address without a form of its own is asked with all names at once.
MIXTURES = 4


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.django_db
def test_no_address_breaks_on_what_no_page_sends(table: str) -> None:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    broken = [
        f"{method} {name} as {persona} with {said}: {status}"
        for name in sorted({name for name, _method in TABLES[table]} - NO_PLACE)
        for persona, share in _shares(_who_may(table, name))
        for method, said, status in _answers(world, persona, path_of(world, name), share)
        if status >= 500
    ]
    assert broken == []


def _who_may(table: str, name: str) -> list[str]:
    """Return the last two whom the address answers with a page or an act."""
    rows = [TABLES[table].get((name, method), "") for method in ("GET", "POST")]
    may = [
        persona
        for number, persona in enumerate(PERSONAS)
        if any(row and row.split()[number] in {"200", "302", "422"} for row in rows)
    ]
    return may[-2:]


def _shares(personas: list[str]) -> Iterator[tuple[str, slice]]:
    """Yield who asks what of all that is odd: of two, each the half, since there are some ten thousand questions."""
    for turn, persona in enumerate(personas):
        yield persona, slice(turn, None, len(personas))


def _answers(world: World, persona: str, path: str, share: slice) -> Iterator[tuple[str, str, int]]:
    ask = Asking(world, persona)
    shown = ask("get", path)
    for query in QUERIES[share]:
        yield "GET", query, ask("get", path + query).status_code
    fields = set(FIELD.findall(shown.content.decode(errors="replace"))) if shown.status_code == 200 else set()
    for said, value, kind in list(_bodies(fields - LEAVE))[share]:
        status = ask("post", path, value, kind).status_code
        yield "POST", said, status
        if status == 405:
            # It takes none, whatever it is.
            break
    yield "PUT", "a wrong method", ask("put", path).status_code


def _bodies(fields: set[str]) -> Iterator[tuple[str, Any, str | None]]:
    yield from _forms(fields) if fields else _mixtures()
    for kind, body in (
        ("application/json", b"[1"),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("", b"\xff"),
    ):
        yield f"a body of {kind or 'no kind'}", body, kind


def _forms(fields: set[str]) -> Iterator[tuple[str, Any, None]]:
    """Yield a form with nothing in it, and some in which each field has something else that is odd: by the seed of the run, other ones each time."""
    yield "nothing", dict.fromkeys(fields, ""), None
    odd, first = list(ODD.values()), random.randrange(len(ODD))
    for turn in range(first, first + TURNS):
        typed = {name: odd[(crc32(name.encode()) + turn) % len(odd)] for name in fields}
        yield f"something odd in each field, turn {turn % len(odd)}", typed, None
    yield "many values", {name: ["1", "2"] * 50 for name in fields}, None
    yield "files", {name: SimpleUploadedFile("a\x00/../b.pdf", b"%PDF-1.7 nothing") for name in fields}, None
    yield "an empty file", {name: SimpleUploadedFile("b.pdf", b"") for name in fields}, None


def _mixtures() -> Iterator[tuple[str, Any, None]]:
    """Yield, for an address whose form stands on another page, all names that any form has, each with something odd."""
    values = [*ODD.values(), ["1", "2"]]
    for turn in range(MIXTURES):
        yield (
            f"mixture {turn}",
            {name: values[crc32(f"{name} {turn}".encode()) % len(values)] for name in names_of_all_forms()},
            None,
        )


@cache
def names_of_all_forms() -> frozenset[str]:
    """Return the name of every field that a form of the portal has, or that a view reads."""
    read = re.compile(r'POST(?:\.get(?:list)?\(|\[)"(\w+)"')
    declared = {name for form in _all_below(BaseForm) for name in getattr(form, "base_fields", ())}
    return frozenset(declared.union(*(read.findall(each.text) for each in PORTAL_MODULES)) - LEAVE)


def _all_below(form: type[BaseForm]) -> Iterator[type[Any]]:
    for each in form.__subclasses__():
        yield each
        yield from _all_below(each)


class Asking:
    """Asks as somebody; what a request changed is undone, and so is a log-out."""

    def __init__(self, world: World, persona: str) -> None:
        self._client = world.clients[persona]
        self._client.raise_request_exception = False
        self._cookies = self._client.cookies.output(header="", sep=";")

    def __call__(self, method: str, path: str, data: Any = None, kind: str | None = None) -> Any:
        """Return the answer to one request."""
        self._client.cookies.clear()
        self._client.cookies.load(self._cookies)
        limits.clear()
        asked = {"content_type": kind} if kind is not None else {}
        with around_acts():
            response = getattr(self._client, method)(path, data, **asked)
            transaction.set_rollback(True)
        return response
