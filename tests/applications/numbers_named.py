"""What somebody sees who names a KvK number, in a world where nobody knows it and in others where somebody does.

By difference: whoever names it is answered the same in each, on every page and in every mail (rules 26 and 27).
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from calls.models import Call
from coalitions.domain.coalitions import add_partner
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from mapping.domain.organisations import add_to_map
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from regions.models import Region
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import confirm_pending
from tests.factories.regions import MunicipalityFactory, RegionFactory

NUMBER = "12345678"
TYPED = "Stichting Zoals Getypt (fictief)"
SECRET = "Vereniging Geheim Gehouden (fictief)"

SEARCH = {"zoek": "Geheim"}
BY_NUMBER = {"zoek": NUMBER}

# A page or mail as its reader gets it: where it was asked, its status and everything it says.
Seen = list[tuple[str, int, str]]
_KEY_OF_ROW = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def two_regions() -> Region:
    """Make the region of who names a number, with one elsewhere, and return it."""
    MunicipalityFactory.create(name="Elders", region=RegionFactory.create(name="Een andere regio"))
    region: Region = MunicipalityFactory.create(
        name="Gouda", region=RegionFactory.create(name="Midden-Holland")
    ).region
    return region


def facts(name: str, region: Region, *, legal_form: str = "association") -> OrganisationFacts:
    municipality = region.municipalities.first()
    assert municipality is not None
    return OrganisationFacts(
        name=name, legal_form=legal_form, municipality=municipality, kvk_number=NUMBER, description=SECRET
    )


def elsewhere() -> Region:
    return Region.objects.get(name="Een andere regio")


def kwartiermaker(region: Region, **values: str) -> User:
    user = person(Role.KWARTIERMAKER, **values)
    return KwartiermakerAssignmentFactory.create(user=user, region=region).user


def unknown() -> None:
    """Nobody named the number."""


def on_a_map() -> None:
    """On the map of a region elsewhere, as what could not take part, and not public."""
    region = elsewhere()
    typed = facts(SECRET, region, legal_form="initiative")
    add_to_map(facts=typed, region=region, actor=kwartiermaker(region), at=AT)


def in_a_draft() -> None:
    """A partner in the draft of another coalition."""
    region = elsewhere()
    case = scenarios.started(
        region=region, call=Call.objects.get(), partners=0, coalition_name=f"Coalitie van {SECRET}"
    )
    add_partner(
        coalition_id=case.coalition_id,
        facts=facts(SECRET, region),
        works_in_region=True,
        contact_name="Geheim Persoon",
        contact_email="geheim@elders.example",
        actor=case.applicant,
        at=AT,
    )


def represented() -> None:
    """Somebody speaks for it, and leads a coalition with it."""
    region = elsewhere()
    claimed = claim_organisation(facts=facts(SECRET, region), actor=UserFactory.create(), at=AT)
    confirm_pending(at=AT)
    scenarios.started(
        region=region,
        call=Call.objects.get(),
        lead=claimed.organisation,
        applicant=claimed.user,
        coalition_name="Coalitie van anderen (fictief)",
    )


WORLDS = [on_a_map, in_a_draft, represented]


class Reader:
    """Somebody who asks pages, and keeps what they got; without keys, secrets and tokens, which differ by chance."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = log_in(Client(), user)
        self.seen: Seen = []
        self.rows: dict[str, str] = {}

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self._keep(reverse(name, args=args, query=query), None)

    def post(self, name: str, /, *args: Any, query: dict[str, str] | None = None, **typed: Any) -> Any:
        return self._keep(reverse(name, args=args, query=query or {}), typed)

    def post_as_script(self, name: str, /, *args: Any, **typed: Any) -> Any:
        return self._keep(reverse(name, args=args), typed, headers={"Accept": "application/json"})

    def _keep(
        self, address: str, typed: dict[str, Any] | None, *, headers: dict[str, str] | None = None
    ) -> Any:
        answer = (
            self.client.get(address)
            if typed is None
            else self.client.post(address, typed, headers=headers or {})
        )
        told = str(getattr(answer, "url", "")) + answer.content.decode()
        self.seen.append((self._plain(address), answer.status_code, self._plain(told)))
        if answer.status_code == 302:
            self._keep(answer.url, None)
        return answer

    def _plain(self, text: str) -> str:
        """Return a text without chance; each row of the map by when it was first seen, so that another key is told apart."""
        return _KEY_OF_ROW.sub(self._row, without_chance(text))

    def _row(self, found: re.Match[str]) -> str:
        return self.rows.setdefault(found.group(), f"(row {len(self.rows)})")

    def read_mails(self) -> None:
        """Keep every mail that somebody got from what this person did."""
        for each in OutgoingMail.objects.order_by("pk"):
            self.seen.append((each.recipient, 0, without_chance(each.subject + each.body)))


def without_chance(text: str) -> str:
    text = re.sub(
        r"((?:csrfmiddlewaretoken|\"key)\W+value=|nonce=|data-page-of=|data-now=)\"[^\"]+\"", r"\1", text
    )
    text = re.sub(r"(?<![\w-])[\w-]{43}(?![\w-])", "(secret)", text)
    # Of one's own application, with the keys of its rows.
    text = re.sub(r"\b[0-9a-f]{64}\b", "(digest)", text)
    # Of the day, in Amsterdam and in UTC: a walk may pass a minute.
    text = re.sub(r"(?:\b|(?<=\dT))(08|10):\d\d(:\d\d(\.\d+)?)?\b", "(time)", text)
    text = re.sub(r"CRP24-\d{4}", "(reference)", text)
    # Tens of thousands of rows may have been made before; not figures within the key of a row of the map.
    return re.sub(r"(?<![\w-])[1-9]\d{4}(?![\w-])", "(key)", text)


def in_world(world: Callable[[], None], walk: Callable[[], Seen]) -> Seen:
    """Return what a walk saw in a world, which is undone."""
    with around_acts():
        world()
        OutgoingMail.objects.all().delete()
        seen = walk()
        transaction.set_rollback(True)
    return seen


def told_apart(one: Seen, other: Seen) -> list[Any]:
    """Return the pages and mails that differ, with the words of one alone."""
    return [
        (a[:2], b[:2], [word for word in a[2].split("\n") if word not in b[2].split("\n")][:5])
        for a, b in zip(one, other, strict=False)
        if a != b
    ] + ([("length", len(one), len(other))] if len(one) != len(other) else [])


def assert_answered_the_same(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> Seen:
    expected = in_world(unknown, lambda: walk(region, call))
    seen = in_world(world, lambda: walk(region, call))
    assert [each[:2] for each in seen if SECRET in each[2]] == []
    apart = told_apart(expected, seen)
    assert apart == [], apart
    return seen
