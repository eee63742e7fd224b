"""A KvK number tells nobody what else the portal knows of it, nor that it knows it (rules 26 and 27).

By difference: one world in which the number is nowhere, others in which somebody else named it; whoever names it is
answered the same in each, on every page and in every mail.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications.models import Application
from calls.models import Call
from coalitions.domain.coalitions import add_partner
from coalitions.domain.mapping import put_members_on_map
from coalitions.models import Coalition, Participation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from mapping.domain.organisations import add_to_map, change_organisation
from organisations.domain.claiming import claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from reviews.models import Assignment
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.calls import make_call
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, confirm_pending, organisation_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

NUMBER = "12345678"
TYPED = "Stichting Zoals Getypt (fictief)"
SECRET = "Vereniging Geheim Gehouden (fictief)"

SEARCH = {"zoek": "Geheim"}
BY_NUMBER = {"zoek": NUMBER}

# A page or mail as its reader gets it: where it was asked, its status and everything it says.
Seen = list[tuple[str, int, str]]


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def region() -> Region:
    MunicipalityFactory.create(name="Elders", region=RegionFactory.create(name="Een andere regio"))
    return MunicipalityFactory.create(name="Gouda", region=RegionFactory.create(name="Midden-Holland")).region


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
        self.seen.append((without_chance(address), answer.status_code, without_chance(told)))
        if answer.status_code == 302:
            self._keep(answer.url, None)
        return answer

    def read_mails(self) -> None:
        """Keep every mail that somebody got from what this person did."""
        for each in OutgoingMail.objects.order_by("pk"):
            self.seen.append((each.recipient, 0, without_chance(each.subject + each.body)))


def without_chance(text: str) -> str:
    text = re.sub(r"((?:csrfmiddlewaretoken|\"key)\W+value=|nonce=)\"[^\"]+\"", r"\1", text)
    text = re.sub(r"(?<![\w-])[\w-]{43}(?![\w-])", "(secret)", text)
    # Of one's own application, with the keys of its rows.
    text = re.sub(r"\b[0-9a-f]{64}\b", "(digest)", text)
    # Of the day, in Amsterdam and in UTC: a walk may pass a minute.
    text = re.sub(r"\b(08|10):\d\d(:\d\d(\.\d+)?)?\b", "(time)", text)
    text = re.sub(r"CRP24-\d{4}", "(reference)", text)
    return re.sub(r"(?<!\d)1\d{4}(?!\d)", "(key)", text)


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


def partner_typed(region: Region, **changes: Any) -> dict[str, Any]:
    municipality = region.municipalities.first()
    assert municipality is not None
    return {
        "kvk_number": NUMBER,
        "name": TYPED,
        "legal_form": "foundation",
        "municipality": municipality.pk,
        "contact_name": "Noor de Wit",
        "contact_email": "noor@erbij.example",
        **changes,
    }


def names_a_partner(reader: Reader, region: Region, coalition: Coalition) -> Participation:
    """Try what is refused, then add the partner."""
    other = elsewhere().municipalities.get()
    for refused in (
        {"legal_form": "sole_trader"},
        {"municipality": other.pk},
        {"contact_email": reader.user.email},
    ):
        assert (
            reader.post(
                "coalitions:add_partner", coalition.pk, **partner_typed(region, **refused)
            ).status_code
            == 422
        )
    added = reader.post("coalitions:add_partner", coalition.pk, **partner_typed(region))
    assert added.status_code == 302, page_text(added)
    reader.post("coalitions:add_partner", coalition.pk, **partner_typed(region))
    return coalition.participations.get(is_lead=False)


def writes(reader: Reader, coalition: Coalition, call: Call, place: Participation) -> Application:
    """Start an application, and look at every page of it."""
    reader.post("applications:start", coalition.pk, call=call.slug)
    application = coalition.applications.get()
    reference, lead = application.reference, coalition.participations.get(is_lead=True)
    typed = {"signatory_organisation": place.pk, "main_applicant_organisation": lead.pk}
    reader.post("applications:people", reference, seen_version=1, **typed)
    named = {"leader_organisation": place.pk, "leader_name": "Leo", "leader_email": "leo@erbij.example"}
    reader.post("applications:people", reference, seen_version=1, **named)
    # Over a newer version: both are shown.
    reader.post("applications:people", reference, seen_version=1, **{**named, "leader_organisation": lead.pk})
    heading = call.headings.all()[0]
    lines = {
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "seen_version": 1,
        "lines-0-heading": heading.pk,
        "lines-0-participation": place.pk,
        "lines-0-description": "Uren",
        "lines-0-amount": "100,00",
    }
    reader.post("applications:budget", reference, **lines)
    for page in ("overview", "particulars", "people", "partners", "budget", "attachments", "check"):
        reader.get(f"applications:{page}", reference)
    reader.get("coalitions:change_contact", coalition.pk, place.pk)
    reader.get("coalitions:remove_partner", coalition.pk, place.pk)
    reader.post("coalitions:remove_partner", coalition.pk, place.pk)
    for page in ("coalitions:list", "applications:list", "website:start", "organisations:my_organisations"):
        reader.get(page)
    return application


def who_leads(region: Region, call: Call) -> Seen:
    """Name a partner, write with it, ask it for consent, and let it answer."""
    # The map has another name for the lead, too.
    lead = organisation_in(region, name=SECRET, kvk_number="11111111")
    applicant = UserFactory.create(full_name="Anna Aanvrager", email="anna@penvoerder.example")
    RepresentativeFactory.create(organisation=lead, stated_name="Penvoerder (fictief)", user=applicant)
    case = scenarios.started(region=region, call=call, lead=lead, applicant=applicant, partners=0)
    reader = Reader(case.applicant)
    place = names_a_partner(reader, region, case.coalition)
    draft = writes(reader, case.coalition, call, place)
    reader.post("applications:ask_consent", draft.reference, place.pk)
    secret = scenarios.mailed_secret("noor@erbij.example")
    partner = Reader(UserFactory.create(email="noor@erbij.example", full_name="Noor"))
    digest = partner.get("applications:consent", secret).context["form"]["seen_digest"].value()
    partner.get("website:start")
    partner.get("coalitions:detail", case.coalition_id)
    partner.get("applications:consent_account", draft.reference, place.pk)
    partner.post(
        "applications:consent", secret, answer="declined", reason="Nee.", name="Noor", seen_digest=digest
    )
    partner.get("applications:consent", secret)
    reader.get("applications:partners", draft.reference)
    reader.get("applications:check", draft.reference)
    reader.post("applications:remove_partner", draft.reference, place.pk)
    reader.get("coalitions:detail", case.coalition_id)
    reader.seen += partner.seen
    reader.read_mails()
    return reader.seen


def who_says_so(region: Region, call: Call) -> Seen:
    """Say that one speaks for the number, and do what one may before anybody confirmed it."""
    reader = Reader(UserFactory.create(email="ans@getypt.example", full_name="Ans Getypt"))
    typed = partner_typed(region)
    organisation = {name: typed[name] for name in ("kvk_number", "name", "legal_form", "municipality")}
    reader.post("organisations:claim", **{**organisation, "legal_form": "partnership"})
    assert reader.post("organisations:claim", **organisation).status_code == 302
    reader.post("organisations:claim", **organisation)
    mine = reader.user.representations.get()
    reader.post("organisations:ask_again", mine.pk)
    reader.get("organisations:stop", mine.pk)
    started = {"region": region.slug}
    reader.get("coalitions:start", **started)
    other = elsewhere()
    choice = {"name": "Samen (fictief)", "lead_organisation": mine.pk}
    assert reader.post("coalitions:start", query={"region": other.slug}, **choice).status_code == 422
    assert reader.post("coalitions:start", query=started, **choice).status_code == 302
    coalition = Coalition.objects.get(name="Samen (fictief)")
    partner = partner_typed(region, kvk_number="87654321", name="Een partner (fictief)")
    reader.post("coalitions:add_partner", coalition.pk, **partner)
    writes(reader, coalition, call, coalition.participations.get(is_lead=False))
    reader.get("coalitions:correct_organisation", mine.pk)
    corrected = {name: organisation[name] for name in ("name", "legal_form", "municipality")}
    corrected["name"] = f"{TYPED} Beter"
    assert reader.post("coalitions:correct_organisation", mine.pk, **corrected).status_code == 302
    reader.get("coalitions:detail", coalition.pk)
    mine = reader.user.representations.get(ended_at=None)
    reader.post("organisations:stop", mine.pk)
    # Of these mails those to the people of the organisation are no answer to this person.
    reader.seen += [
        (each.recipient, 0, without_chance(each.subject + each.body))
        for each in OutgoingMail.objects.filter(recipient=reader.user.email).order_by("pk")
    ]
    return reader.seen


@pytest.mark.parametrize("walk", [who_leads, who_says_so])
@pytest.mark.parametrize("world", WORLDS)
def test_whoever_names_a_number_is_answered_the_same_whether_the_portal_knew_it(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> None:
    seen = assert_answered_the_same(world, walk, region, call)
    assert sum(TYPED in each[2] for each in seen) > 15


def assert_answered_the_same(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> Seen:
    expected = in_world(unknown, lambda: walk(region, call))
    seen = in_world(world, lambda: walk(region, call))
    assert [each[:2] for each in seen if SECRET in each[2]] == []
    assert told_apart(expected, seen) == []
    return seen


def who_maps(region: Region, call: Call) -> Seen:
    """Put the number on the map of a region, change and publish it."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    typed = mapped(region, TYPED, NUMBER)
    assert reader.post("mapping:add_organisation", region.slug, **typed).status_code == 302
    reader.post("mapping:add_organisation", region.slug, **typed)
    _changes(reader, region, {**typed, "legal_form": "company"})
    return reader.seen


def who_changes_a_number(region: Region, call: Call) -> Seen:
    """Give what is on the map already the number."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    reader.post("mapping:add_organisation", region.slug, **mapped(region, "Zonder nummer (fictief)", ""))
    _changes(reader, region, mapped(region, TYPED, NUMBER))
    return reader.seen


def who_changes_a_cell(region: Region, call: Call) -> Seen:
    """Give a row of the grid the number, take it away and give it again."""
    reader = Reader(kwartiermaker(region, full_name="Kees Kwartier"))
    reader.post_as_script("mapping:add_row", region.slug, name=TYPED)
    for ask, number in ((reader.post_as_script, NUMBER), (reader.post, ""), (reader.post_as_script, NUMBER)):
        shown = organisations_in(region).get()
        cell = {"field": "kvk_number", "value": number, "was": shown.kvk_number, "seen_version": 1}
        ask("mapping:save_cell", region.slug, shown.pk, **cell)
        assert organisations_in(region).get().kvk_number == number
    reader.get("mapping:workspace", region.slug, **BY_NUMBER)
    _changes(reader, region, mapped(region, TYPED, NUMBER))
    return reader.seen


def mapped(region: Region, name: str, number: str) -> dict[str, Any]:
    municipality = region.municipalities.get()
    return {
        "name": name,
        "kvk_number": number,
        "legal_form": "foundation",
        "municipality": municipality.code,
        "streams": ["residents"],
        "description": "Helpt.",
    }


def _changes(reader: Reader, region: Region, typed: dict[str, Any]) -> None:
    """Change the one organisation of the map, publish it, and look at every page of the region."""
    for public in ("", "yes"):
        shown = organisations_in(region).get()
        form = reader.get("mapping:organisation", region.slug, shown.pk).context["form"]
        typed["seen_version"] = form["seen_version"].value()
        saved = reader.post("mapping:organisation", region.slug, shown.pk, public=public, **typed)
        assert saved.status_code == 302, page_text(saved)
        for page in ("workspace", "questions", "add_question", "representatives"):
            reader.get(f"mapping:{page}", region.slug)
    reader.get("website:region", region.slug)
    reader.get("website:start")


@pytest.mark.parametrize("walk", [who_maps, who_changes_a_number, who_changes_a_cell])
@pytest.mark.parametrize("world", WORLDS)
def test_a_kwartiermaker_does_not_hear_that_others_named_a_number(
    world: Callable[[], None], walk: Callable[[Region, Call], Seen], region: Region, call: Call
) -> None:
    assert_answered_the_same(world, walk, region, call)


def test_the_office_reads_both_names_where_they_differ_and_who_judges_what_was_submitted() -> None:
    case = scenarios.advised()
    place = case.partners[0]
    officer = person(Role.OFFICER)
    scenarios.open_to(case, officer)
    reviewer = Assignment.objects.filter(application=case)[0].reviewer
    change_organisation(
        organisation_id=place.organisation_id,
        facts=replace(scenarios.facts_of(place.organisation), name=SECRET),
        actor=kwartiermaker(place.organisation.municipality.region),
        at=AT,
    )
    pages = [
        page_text(Reader(each).get(f"admin:{name}", case.reference))
        for each, name in ((officer, "decision"), (officer, "application"), (reviewer, "application"))
    ]
    told = f"{place.stated_name}: op de kaart als {SECRET}, stichting,"
    assert [told in page for page in pages] == [True, True, False]
    assert [SECRET in page for page in pages] == [True, True, False]
    assert [place.stated_name in page for page in pages] == [True, True, True]


def test_who_confirms_reads_how_the_map_names_the_number_too(region: Region) -> None:
    on_a_map()
    claimed = claim_organisation(facts=facts(TYPED, region), actor=UserFactory.create(), at=AT)
    reader = Reader(person(Role.OFFICER))
    for answer in (
        reader.get("admin:representatives"),
        reader.get("admin:representatives", **SEARCH),
        reader.get("admin:confirm_representative", claimed.pk),
    ):
        assert TYPED in page_text(answer)
        assert f"op de kaart als {SECRET}" in page_text(answer)


def test_how_a_draft_of_others_names_a_number_is_told_to_no_office(region: Region, call: Call) -> None:
    in_a_draft()
    claimed = claim_organisation(facts=facts(TYPED, region), actor=UserFactory.create(), at=AT)
    reader = Reader(person(Role.OFFICER))
    assert SECRET not in page_text(reader.get("admin:confirm_representative", claimed.pk))
    found = reader.get("admin:representatives", **SEARCH)
    assert list(found.context["page"]) == []


def test_a_grant_puts_an_organisation_on_the_map_as_its_coalition_named_it(
    region: Region, call: Call
) -> None:
    """Not as somebody named it first, in a draft of their own."""
    in_a_draft()
    first = Participation.objects.get(stated_name=SECRET)
    case = scenarios.started(
        region=region, call=call, partners=0, coalition_name="Een andere coalitie (fictief)"
    )
    add_partner(
        coalition_id=case.coalition_id,
        facts=facts(TYPED, region, legal_form="foundation"),
        works_in_region=True,
        contact_name="Noor",
        contact_email="noor@erbij.example",
        actor=case.applicant,
        at=AT,
    )
    put_members_on_map([case.coalition_id], at=AT)
    known = Organisation.objects.get(kvk_number=NUMBER)
    assert (known.name, known.legal_form, known.mapped_at) == (TYPED, "foundation", AT)
    assert known.municipality.region == region
    first.refresh_from_db()
    assert first.stated_name == SECRET
