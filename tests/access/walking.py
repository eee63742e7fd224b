"""Every page that somebody may open, as it was answered: to find what it tells, and to compare two states of the portal."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from coalitions.domain.coalitions import start_coalition
from hubportal.accounts.enums import Role
from hubportal.accounts.permissions import ASSESSORS
from hubportal.kernel.languages import in_language
from reviews.domain.interests import declare_interest
from tests.access.reading import Known, reads_of, reads_the_same, statements_sent
from tests.access.test_matrix import TABLES, path_of
from tests.access.world import PERSONAS, World
from tests.database import around_acts
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, organisation_in

# What addresses are asked for beside the plain page: orders, filters, searches.
QUERIES = {
    "admin:round": ("?volgorde=score",),
    "admin:letters": ("?staat=waiting", "?staat=sent"),
    "admin:bank_accounts": ("?staat=counts", "?staat=replaced"),
    "admin:messages": ("?staat=afgehandeld",),
    "admin:takeovers": ("?staat=afgehandeld",),
    "admin:call_questions": ("?staat=alleen",),
    "call_questions:questions": ("?zoek=kanarievraag", "?zoek=zaal"),
    "admin:events": ("?handeling=decisions.recorded", "?page=2"),
    "mapping:doubles": ("?name=stichting+voorbeeld", "?kvk_number=90000001"),
    "mapping:workspace": ("?stroom=patients", "?volgorde=-datum&zoek=a", "?page=2"),
    "mapping:matrix": ("?thema=youth", "?leeg=kolommen", "?leeg=rijen&page=2", "?zoek=kanarie", "?wie=1"),
    "matching:partners": ("?stroom=patients", "?zoek=kanarie"),
    "pictures:picture": ("?band=shared", "?rond=1"),
    "people:matrix": ("?thema=youth", "?leeg=kolommen", "?zoek=kanarie", "?wie=1"),
    "people:people": ("?zoek=kanarie", "?page=2"),
    "website:find_region": ("?zoek=regio", "?zoek=coalitie", "?zoek=fictief"),
    "website:suggestions": ("?zoek=regio", "?zoek=coalitie", "?zoek=fictief"),
    "website:region": ("?via=regio", "?via=fictief", "?stroom=patients"),
    "website:grants": ("?regio=a", "?oproep=a"),
    "website:grants_file": ("?regio=a",),
}
# Mails of everybody, for whoever tries the demo; jobs; log-outs, which end the walk; a secret that is another one each
# time; and what a secret link opens.
_LEFT_OUT = re.compile(
    r"^(demo|health):|logout|jsi18n|^mfa_(activate_totp|add_webauthn)$|^account_session$|^applications:(ask_question|consent|consent_attachment|sign)$|^people:(answer|prolong|kept|receipt)$|^website:cards:(answer|confirm|decline|agreement|confirm_correction)$|^residents:(confirm|kept)$|^website:(confirm|stop)_following$"
)
# The server's clock, tokens and keys that pages choose, the numbers of rows, which go on when what was tried is undone, and digests of files.
_OF_ONE_REQUEST = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[^"]*|(?<=name="key" value=")[^"]*|(?<=data-now=")[^"]*|(?<=<div>)[a-z ]+\d+(?=</div>)|[0-9a-f]{12}(?=…)|(?<=DTSTAMP:)\w+|(?<=LAST-MODIFIED:)\w+|(?<=SEQUENCE:)\d+'
)
# People who handle other applications, and have an interest in the one that changes.
INTERESTED = {
    "officer_with_interest": Role.OFFICER,
    "chair_with_interest": Role.CHAIR,
    "deputy_with_interest": Role.DEPUTY,
    "releaser_with_interest": Role.RELEASER,
}
_LIKE = {
    "officer_with_interest": "officer",
    "chair_with_interest": "chair",
    "deputy_with_interest": "deputy",
    "releaser_with_interest": "releaser",
    "kwartiermaker_who_takes_part": "kwartiermaker",
}
Answer = tuple[int, str, str]
Pages = dict[tuple[str, str], Answer]


def add_people_with_an_interest(world: World, application_id: int) -> None:
    """Let somebody in each role that handles applications declare an interest in one, and know no other."""
    for name, role in INTERESTED.items():
        user = person(role)
        assert ASSESSORS.includes(user)
        declare_interest(
            application_id=application_id, has_interest=True, explanation="Buur.", actor=user, at=AT
        )
        world.people[name] = user
        world.clients[name] = log_in(Client(raise_request_exception=True), user, second_factor=True)


def add_kwartiermaker_who_takes_part(world: World) -> None:
    """Let somebody map the region of the draft who began a coalition there too."""
    user, region = person(Role.KWARTIERMAKER), world.draft.coalition.region
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    lead = organisation_in(region, mapped_at=None, name="Eigen kring (fictief)")
    RepresentativeFactory.create(organisation=lead, user=user)
    start_coalition(
        name="Coalitie van een kwartiermaker (fictief)",
        region=region,
        lead_organisation=lead,
        actor=user,
        at=AT,
    )
    world.people["kwartiermaker_who_takes_part"] = user
    world.clients["kwartiermaker_who_takes_part"] = log_in(Client(raise_request_exception=True), user)


def walk(
    world: World, personas: Iterable[str], *, language: str = "nl", by_at_most: int | None = None
) -> Pages:
    """Return what each address answers to each of these people, without what belongs to one request alone.

    Or to so many of them at most, the first to whom it answers with a page.
    """
    return _walk(world, personas, partial(_asked_and_kept, world, {}, language), by_at_most)


def _walk(
    world: World,
    personas: Iterable[str],
    ask: Callable[[str, str], Answer],
    by_at_most: int | None = None,
) -> Pages:
    found: Pages = {}
    asked: Counter[str] = Counter()
    for persona in personas:
        client = world.clients[persona]
        cookies = client.cookies.output(header="", sep=";")
        for address in _addresses(world, persona):
            if asked[address] == by_at_most:
                continue
            asked[address] += 1
            client.cookies.clear()
            client.cookies.load(cookies)
            found[persona, address] = ask(persona, address)
        client.cookies.clear()
        client.cookies.load(cookies)
    return found


def _asked_and_kept(world: World, known: Known, language: str, persona: str, address: str) -> Answer:
    with statements_sent() as sent:
        answer = _asked(world.clients[persona], in_language(address, language))
    world.answers[persona, address] = (reads_of(sent, known), answer)
    return answer


def _asked_unless_the_same(world: World, known: Known, persona: str, address: str) -> Answer:
    """Return what was answered before where all that was read for it reads the same."""
    reads, answer = world.answers.get((persona, address), (None, None))
    if answer is not None and reads_the_same(reads, known):
        return answer
    return _asked(world.clients[persona], address)


def _asked(client: Client, address: str) -> Answer:
    cache.clear()
    with around_acts():
        response = client.get(address)
        transaction.set_rollback(True)
    return (
        response.status_code,
        " ".join(response.get(name, "") for name in ("Location", "Content-Disposition")),
        _OF_ONE_REQUEST.sub("", response.content.decode(errors="replace")),
    )


@lru_cache
def _query_of(name: str) -> str:
    """Return one of the queries of an address: in each run another one, in all walks that are compared the same."""
    return random.choice(QUERIES[name])


def _addresses(world: World, persona: str) -> Iterable[str]:
    """Return the addresses that answer somebody with a page, as the matrix says, each with its queries."""
    column = PERSONAS.index(_LIKE.get(persona, persona))
    for table in TABLES.values():
        for name, method in table:
            if method == "GET" and not _LEFT_OUT.search(name):
                path = path_of(world, name)
                if table[name, method].split()[column] == "200":
                    yield path
                if name in QUERIES:
                    yield path + _query_of(name)


def walk_after(world: World, personas: Iterable[str], act: Callable[[], object]) -> Pages:
    """Return what people see after an act, and undo it.

    What was asked before, and reads after the act what it read then, is not asked again.
    """
    with around_acts():
        act()
        found = _walk(world, personas, partial(_asked_unless_the_same, world, {}))
        transaction.set_rollback(True)
    return found


def each_page(world: World) -> dict[str, str]:
    """Return every page, and every form as it is refused when nothing is filled in, as the first sees it to whom it answers.

    By address; a refused form has ``?geweigerd`` behind its address. Pages that are the same to everybody are those of a visitor.
    """
    found = {}
    for table in TABLES.values():
        for (name, method), expected in table.items():
            wanted = {"GET": "200", "POST": "422"}[method]
            if wanted in expected.split():
                client = world.clients[PERSONAS[expected.split().index(wanted)]]
                path = path_of(world, name)
                more = QUERIES.get(name, ()) if method == "GET" else ()
                for address in (path, *(path + each for each in more)):
                    content = _content(client, method, address)
                    if content.lstrip().startswith("<!DOCTYPE html"):
                        found[address if method == "GET" else f"{address}?geweigerd"] = content
    return found


def _content(client: Client, method: str, address: str) -> str:
    """Return what an address answers; what the request changed is undone, and so is a log-out."""
    cookies = client.cookies.output(header="", sep=";")
    cache.clear()
    with around_acts():
        answer = (client.get if method == "GET" else client.post)(address)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return answer.content.decode(errors="replace")


def differences(one: Pages, other: Pages, *, of: Iterable[str]) -> list[str]:
    """Return where these people saw something else, with the place at which the pages part."""
    who = set(of)
    return [
        f"{persona} at {address}: {_parting(one[persona, address], other.get((persona, address)))}"
        for persona, address in one
        if persona in who and one[persona, address] != other.get((persona, address))
    ]


def _parting(one: Any, other: Any) -> str:
    if other is None or one[:2] != other[:2]:
        return f"{one[:2]} and {other and other[:2]}"
    place = next(
        (at for at, (left, right) in enumerate(zip(one[2], other[2], strict=False)) if left != right), -60
    )
    return f"…{one[2][max(place - 80, 0) : place + 60]!r} and {other[2][max(place - 20, 0) : place + 60]!r}"
