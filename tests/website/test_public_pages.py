"""What everybody may know, and what nobody may (rules 22 and 23)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from applications.models import Application
from coalitions.domain.coalitions import choose_to_be_shown
from hubportal.accounts.enums import Role
from hubportal.kernel.clock import AMSTERDAM
from letters.models import Letter
from mapping.domain.publishing import publish_organisation
from organisations.models import Organisation
from regions.models import Region
from tests.decided_world import send
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.calls import CallFactory, another_call_spec, make_call
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT, CALL_OPENS, FIRST_DEADLINE, LAST_DEADLINE
from tests.factories.organisations import OrganisationFactory, organisation_in
from tests.factories.regions import RegionFactory
from tests.factories.scenarios import produced, started, submitted
from tests.pages import at_moment, page_text
from website.enums import HubState
from website.queries import public_states, with_states

pytestmark = pytest.mark.django_db


def region_page(client: Client, region: Region) -> str:
    return page_text(client.get(reverse("website:region", args=[region.slug])))


def publish(organisation: Organisation) -> None:
    kwartiermaker = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=organisation.municipality.region)
    publish_organisation(organisation_id=organisation.pk, actor=kwartiermaker, at=AT)


def sent(application: Application) -> None:
    send(Letter.objects.get(decision__application=application))


def show(case: Any) -> None:
    choose_to_be_shown(coalition_id=case.coalition_id, is_shown=True, actor=case.applicant, at=AT)


def hub_states() -> dict[int, HubState]:
    shown = public_states(with_states(Region.objects.all()))
    return {region: each.state for region, each in shown.items()}


@pytest.mark.parametrize(
    "name",
    ["home", "map", "calls", "privacy", "accessibility", "contact", "help", "robots", "security"],
)
def test_page_is_open_to_everybody(client: Client, name: str) -> None:
    assert client.get(reverse(f"website:{name}")).status_code == 200
    assert client.post(reverse(f"website:{name}")).status_code == 405


@pytest.mark.parametrize("address", ["/regios/nergens/", "/oproepen/nooit/"])
def test_what_is_not_there_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_only_published_organisations_are_shown(client: Client) -> None:
    region = RegionFactory.create()
    shown = organisation_in(region, name="Wel openbaar", website="https://wel.example/", streams=["patients"])
    hidden = organisation_in(region, name="Niet openbaar")
    publish(shown)
    text = region_page(client, region)
    assert "Wel openbaar" in text
    assert hidden.name not in text


def test_organisation_that_works_in_a_region_is_shown_there_too(client: Client) -> None:
    region = RegionFactory.create()
    elsewhere = OrganisationFactory.create(name="Van elders")
    elsewhere.works_in.add(region)
    publish(elsewhere)
    assert "Van elders" in region_page(client, region)


def test_nothing_inside_a_draft_is_public(client: Client) -> None:
    draft = started(coalition_name="Geheime coalitie")
    show(draft)
    region = draft.coalition.region
    everything = [
        region_page(client, region),
        *(page_text(client.get(reverse(f"website:{name}"))) for name in ("home", "map")),
    ]
    for text in everything:
        assert "Geheime coalitie" not in text
        assert draft.reference not in text
        assert draft.lead.name not in text
    assert "1 coalitie" in everything[0] or "1 coalition" in everything[0]


def test_regions_go_from_nothing_to_a_grant_of_which_the_coalition_was_told() -> None:
    quiet = RegionFactory.create()
    case = started(call=CallFactory.create(shows_applications=True))
    region = case.coalition.region
    assert hub_states() == {quiet.pk: HubState.NOTHING, region.pk: HubState.NOTHING}
    show(case)
    assert hub_states() == {quiet.pk: HubState.NOTHING, region.pk: HubState.FORMING}
    submitted(case)
    assert hub_states()[region.pk] == HubState.SUBMITTED
    produced(case)
    # Decided and written, but not sent: the applicant hears it first.
    assert hub_states()[region.pk] == HubState.SUBMITTED
    sent(case)
    assert hub_states()[region.pk] == HubState.GRANTED


def test_call_of_2024_shows_no_application() -> None:
    """Rule 26."""
    case = submitted()
    assert hub_states()[case.coalition.region_id] == HubState.NOTHING
    assert "shows_applications" in case.call.provisional


@pytest.mark.parametrize("is_demo", [True, False])
def test_what_is_granted_for_practice_is_no_grant(client: Client, settings: Settings, is_demo: bool) -> None:
    settings.DEMO = is_demo
    call = CallFactory.create(is_rehearsal=True, ceiling="100000.00")
    case = submitted(call=call)
    produced(case, granted=40_000)
    sent(case)
    assert hub_states()[case.coalition.region_id] == HubState.NOTHING
    assert "40.000,00" not in region_page(client, case.coalition.region)


def test_home_tells_what_the_colours_of_its_map_mean(client: Client) -> None:
    show(started())
    home = client.get(reverse("website:home"))
    assert home.content.decode().count("hub-map-key__item") == len(HubState)
    assert dict(home.context["map"].states())[HubState.FORMING] == 1


def test_home_shows_its_messages_first(client: Client) -> None:
    log_in(client, UserFactory.create())
    client.post(reverse("account_logout"))
    text = client.get(reverse("website:home")).content.decode()
    assert text.index("utrecht-alert--ok") < text.index("<h1>")


def test_grant_is_shown_with_a_lead_organisation_only_when_that_is_public(client: Client) -> None:
    case = produced(coalition_name="Coalitie van Twente", granted=40_000)
    region = case.coalition.region
    assert "40.000,00" not in region_page(client, region)
    sent(case)
    text = region_page(client, region)
    assert "Coalitie van Twente" in text
    assert "€ 40.000,00" in text
    assert case.lead.name not in text
    publish(case.lead)
    assert case.lead.name in region_page(client, region)


def test_home_names_the_next_deadline_of_the_open_call(client: Client) -> None:
    call = CallFactory.create()
    address = reverse("website:call", args=[call.slug])
    for moment, is_open in (
        (CALL_OPENS - timedelta(seconds=5), False),
        (AT, True),
        (LAST_DEADLINE + timedelta(seconds=5), False),
    ):
        with at_moment(moment):
            assert (address in client.get(reverse("website:home")).content.decode()) == is_open
    with at_moment(AT):
        assert "14 mei 2024" in page_text(client.get(reverse("website:home")))
    with at_moment(FIRST_DEADLINE + timedelta(seconds=1)):
        assert "11 juni 2024" in page_text(client.get(reverse("website:home")))


def test_help_names_hour_and_days_of_the_open_call_and_none_otherwise(client: Client) -> None:
    """Hour of the deadline and days to sign are data of a call (rule 1)."""
    make_call(spec=another_call_spec(), title="Doorbouwen")
    moment = datetime(2025, 2, 10, 12, tzinfo=AMSTERDAM)
    deadline = "Voor “Doorbouwen” moeten wij uw aanvraag op maandag 31 maart 2025 ontvangen, vóór 17:00 uur"
    signing = "Voor “Doorbouwen” mag de verklaring nog tot 10 dagen na het indienen worden ondertekend."
    for at, is_told in ((moment, True), (moment - timedelta(days=30), False)):
        with at_moment(at):
            text = page_text(client.get(reverse("website:help")))
        assert (deadline in text, signing in text) == (is_told, is_told)
        assert not [each for each in ("14.00", "14:00", "een week later") if each in text]


def test_call_shows_what_is_provisional_as_such(client: Client) -> None:
    call = CallFactory.create(provisional=[])
    address = reverse("website:call", args=[call.slug])

    def ceiling() -> str:
        facts = client.get(address).context["facts"]
        (found,) = [str(each["description"]) for each in facts if "1.550.000,00" in str(each["description"])]
        return found

    assert ceiling() == "€\u00a01.550.000,00"
    call.provisional = ["ceiling"]
    call.save()
    assert ceiling().startswith("€\u00a01.550.000,00 (")


def test_every_region_on_the_map_is_a_link_that_says_its_name_and_state(client: Client) -> None:
    region = RegionFactory.create(name="Het Midden")
    body = client.get(reverse("website:map")).content.decode()
    address = reverse("website:region", args=[region.slug])
    assert body.count(f'href="{address}"') == 2
    assert f'aria-label="Het Midden: {HubState.NOTHING.label}"' in body


def test_name_stands_on_the_map_where_its_row_says(client: Client) -> None:
    label = {"x": "5.0", "y": "15.0", "lines": [["1.0", "2.5", "Heel"], ["1.0", "21.5", "smal"]]}
    beside = {**label, "leader": "M1 2L5 5", "dot": ["5.0", "5.0"]}
    RegionFactory.create(label=beside, view_box="-3.8 0 90 80.5")
    page = client.get(reverse("website:map"))
    for part in (
        'viewBox="-3.8 0 90 80.5"',
        '<text class="hub-map__number" x="5.0" y="15.0">1</text>',
        '<path class="hub-map__leader" d="M1 2L5 5" />',
        '<circle class="hub-map__end" cx="5.0" cy="5.0" r="3.5" />',
    ):
        assert part in page.content.decode()
    assert page_text(page).count("Heel smal") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_map_takes_the_same_queries_however_many_regions(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _each in range(count):
        organisation_in(RegionFactory.create())
    with django_assert_num_queries(3):
        client.get(reverse("website:map"))


@pytest.mark.parametrize("count", [1, 3])
def test_region_takes_the_same_queries_however_many_organisations(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    region = RegionFactory.create()
    for _each in range(count):
        publish(organisation_in(region))
    with django_assert_num_queries(15):
        client.get(reverse("website:region", args=[region.slug]))


@pytest.mark.parametrize("count", [1, 3])
def test_calls_take_the_same_queries_however_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _each in range(count):
        CallFactory.create()
    with django_assert_num_queries(2):
        client.get(reverse("website:calls"))


def test_security_text_names_contact_and_a_day_ahead(client: Client) -> None:
    with at_moment(AT):
        lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0].startswith("Contact: http")
    assert lines[1].startswith("Expires: 2024-10-28T")
