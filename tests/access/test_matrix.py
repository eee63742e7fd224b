"""The access matrix: every address of the project, for everybody in every position (rule 22).

A new address without a row fails; so does a row whose address is gone. What one may not know of answers 404.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from hubportal.kernel import clock
from tests.access import matrix, matrix_accounts, matrix_admin
from tests.access.addresses import all_names
from tests.access.arguments import ARGUMENTS
from tests.access.world import PERSONAS, PRESENT, World, build
from tests.database import around_acts

Answers = dict[tuple[str, str], str]
TABLES: dict[str, Answers] = {
    "portal": matrix.ANSWERS,
    "accounts": matrix_accounts.ANSWERS,
    "admin": matrix_admin.ANSWERS,
}
# The admin's last resort for addresses that do not exist.
NO_PLACE = {"admin:(?P<url>.*)$"}
NOT_ACCEPTED = {302, 404, 405}


def test_every_address_of_the_project_is_in_the_matrix() -> None:
    known = {name for table in TABLES.values() for name, _method in table}
    assert set(all_names()) - NO_PLACE == known


def test_nothing_answers_where_no_address_is(client: Any) -> None:
    assert client.get("/bestaat-niet/").status_code == 404


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.django_db
def test_every_address_answers_everybody_as_the_matrix_says(table: str) -> None:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    differences = [
        f"{method} {name}: {found}, not {expected}"
        for (name, method), found, expected in _asked(world, TABLES[table])
        if found != expected
    ]
    assert differences == []


def _asked(world: World, answers: Answers) -> Iterator[tuple[tuple[str, str], str, str]]:
    cookies = {name: client.cookies.output(header="", sep=";") for name, client in world.clients.items()}
    for name in sorted({name for name, _method in answers}):
        path = path_of(world, name)
        for method, other in (("GET", "POST"), ("POST", "GET")):
            expected = answers.get((name, method))
            asking = PERSONAS if expected else _who_comes_there(answers[name, other])
            found = [_status(world, persona, cookies[persona], method, path) for persona in asking]
            if expected is not None:
                yield (name, method), " ".join(map(str, found)), expected
            elif not NOT_ACCEPTED.issuperset(found):
                yield (name, method), " ".join(map(str, found)), "a refusal"


def _who_comes_there(row: str) -> Iterable[str]:
    """Return whom an address answers, with a visitor: where it does not take another method from them, it does from nobody."""
    answered = zip(PERSONAS, row.split(), strict=True)
    return ["visitor", *(each for each, status in answered if int(status) not in NOT_ACCEPTED)]


def path_of(world: World, name: str) -> str:
    """Return the address, with what the world has where it names something."""
    try:
        return reverse(name, kwargs=ARGUMENTS[name](world) if name in ARGUMENTS else {})
    except NoReverseMatch as problem:
        pytest.fail(f"say in tests/access/arguments.py what stands in {name}: {problem}")


def _status(world: World, persona: str, cookies: str, method: str, path: str) -> int:
    """Ask as somebody; what the request changed is undone, and so is a log-out."""
    client = world.clients[persona]
    client.cookies.clear()
    client.cookies.load(cookies)
    # Limits on how often one may ask are tested elsewhere.
    cache.clear()
    with around_acts():
        status: int = (client.get if method == "GET" else client.post)(path).status_code
        transaction.set_rollback(True)
    return status
