"""How many queries each page of the portal takes at one row and at three.

Every address of the access matrix that shows a page to somebody is asked for each of them, in the world of
that matrix and again when its rows have become three.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

from applications.models import Attachment
from bench.copying import Family, digest_of, triggers_off
from bench.population import copies
from hubportal.kernel import clock
from mapping.models import ParticipationQuestion
from organisations.models import Organisation
from reviews.models import Affiliation
from tests.access.test_matrix import TABLES, path_of
from tests.access.world import PERSONAS, PRESENT, World, build
from tests.database import around_acts
from tests.factories.accounts import UserFactory
from tests.factories.regions import RegionFactory

MORE = 2


@dataclass(frozen=True)
class Asked:
    """A page as one person asked for it."""

    page: str
    persona: str
    queries: int


def measure(by_at_most: int | None = None) -> None:
    """Print a line for each page: its name, who asked, queries at one row and at three; asked by all, or by so many at most."""
    setup_test_environment()
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    with around_acts():
        world = build()
        at_one = {(each.page, each.persona): each.queries for each in _walk(world, by_at_most)}
        _grow(world)
        at_three = {(each.page, each.persona): each.queries for each in _walk(world, by_at_most)}
        transaction.set_rollback(True)
    clock.move_with(None)
    teardown_test_environment()
    _print(at_one, at_three)


def _walk(world: World, by_at_most: int | None) -> Iterator[Asked]:
    for answers in TABLES.values():
        for (name, method), expected in sorted(answers.items()):
            shown_to = [
                who for who, status in zip(PERSONAS, expected.split(), strict=True) if status == "200"
            ]
            if method == "GET":
                yield from (Asked(name, each, _count(world, each, name)) for each in shown_to[:by_at_most])


def _count(world: World, persona: str, name: str) -> int:
    """Ask twice and count the second time: reads that are cached per process do not count."""
    client, path = world.clients[persona], path_of(world, name)
    cookies = client.cookies.output(header="", sep=";")
    with around_acts():
        cache.clear()
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    assert response.status_code == 200, f"{name} answers {persona} with {response.status_code}"
    return len(captured)


def _grow(world: World) -> None:
    """Let there be three of each row where there was one."""
    with triggers_off():
        for case in (world.draft, world.sealed, world.advised, world.decided, world.produced):
            Family(case, with_organisations=False).copy(MORE, lambda _number: {})
        _copy_what_is_mapped(world)
        copies(world.mail, MORE, about=["", ""])
        copies(world.attachment, MORE, sha256=[digest_of(world.attachment, each) for each in range(MORE)])
        seat = Affiliation.objects.get(user=world.people["reviewer_with_interest"])
        others = Organisation.objects.exclude(affiliations=seat)[:MORE]
        copies(
            seat,
            MORE,
            organisation_id=[each.pk for each in others],
            kvk_number=[each.kvk_number for each in others],
        )
    UserFactory.create_batch(MORE)
    RegionFactory.create_batch(MORE)
    assert Attachment.objects.filter(application=world.draft).count() == 1 + MORE


def _copy_what_is_mapped(world: World) -> None:
    names = [f"Buurtkring {each} (fictief)" for each in range(MORE)]
    keys = [uuid4() for _each in names]
    for organisation in copies(world.mapped, MORE, name=names, map_key=keys):
        organisation.works_in.set(world.mapped.works_in.all())
    copies(world.question, MORE, title=[f"Vraagstuk {each} (fictief)" for each in range(MORE)])
    assert ParticipationQuestion.objects.count() == 1 + MORE


def _print(at_one: dict[tuple[str, str], int], at_three: dict[tuple[str, str], int]) -> None:
    print(f"{'page':<44}{'asked by':<26}{'1 row':>6}{'3 rows':>8}")
    pages = sorted({page for page, _persona in at_one})
    growing = []
    for page in pages:
        dearest = max((each for each in at_one if each[0] == page), key=lambda each: at_three[each])
        one, three = at_one[dearest], at_three[dearest]
        print(f"{page:<44}{dearest[1]:<26}{one:>6}{three:>8}{'  +' if three > one else ''}")
        growing += [page] if any(at_three[each] > at_one[each] for each in at_one if each[0] == page) else []
    print(f"\n{len(pages)} pages; more queries with more rows: {', '.join(growing) or 'none'}")
