"""The list of grants: what is public of each, filters, sums and the file of it (rules 22, 23 and 26)."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from calls.enums import Outcome
from letters.models import Letter
from mapping.models import Merge
from organisations.models import Organisation
from tests.breaking import force
from tests.decided_world import send
from tests.factories.agreeing import agreed
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import kwartiermaker_in
from tests.factories.scenarios import committee, produced, several_submitted
from tests.pages import page_text

pytestmark = pytest.mark.django_db

GRANTS, FILE = reverse("website:grants"), reverse("website:grants_file")


def told(case: Any) -> None:
    send(Letter.objects.get(decision__application=case))


def granted(count: int = 1) -> list[Any]:
    """Return applications of one call with a grant that their coalitions were told of."""
    cases = several_submitted(count)
    for each in cases:
        told(produced(each))
    return cases


def publish(organisation: Organisation, name: str) -> None:
    force(organisation, name=name, published_at=AT, published_by=committee().officer, mapped_at=AT)


def rows_of(client: Client, asked: dict[str, str] | None = None) -> list[dict[str, str]]:
    """Return the rows of the file, read as a spreadsheet does."""
    text = client.get(FILE, asked).content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:]), delimiter=";"))


def test_a_grant_is_told_in_full_with_the_names_that_are_public(client: Client) -> None:
    (case,) = granted()
    force(case, title="Samen aan tafel (fictief)")
    publish(case.partners[0].organisation, "Ouderenraad Fictief")
    # Published without its own agreement: the page promises no more.
    assert "Organisaties noemen we alleen als ze op de openbare kaart staan." in page_text(client.get(GRANTS))
    (row,) = rows_of(client)
    assert row == {
        "Project": "Samen aan tafel (fictief)",
        "Coalitie": case.coalition.name,
        "Regio": case.coalition.region.name,
        "Oproep": case.call.title,
        "Ronde": "1",
        "Penvoerder": "",
        "Partners": "Ouderenraad Fictief",
        "Partners van wie de naam niet openbaar is": str(len(case.partners) - 1),
        "Eerste dag": str(case.starts_on),
        "Laatste dag": row["Laatste dag"],
        "Besloten op": "2024-06-13",
        "Subsidie in euro": str(case.decision.amount).replace(".", ","),
    }
    page = page_text(client.get(GRANTS))
    for told_there in ("Samen aan tafel (fictief)", "Ouderenraad Fictief", "niet openbaar", "1 subsidie, €"):
        assert told_there in page
    assert case.lead.name not in page


def put_under(organisation: Organisation, kept: Organisation) -> None:
    """Let the map go on with another row for an organisation."""
    force(organisation, mapped_at=None, published_at=None, published_by=None, now_as=kept)


def test_a_partner_that_was_merged_or_got_another_number_is_named_as_the_map_goes_on_with_it(
    client: Client,
) -> None:
    (case,) = granted()
    (partner,) = (each.organisation for each in case.partners)
    kept = OrganisationFactory.create()
    put_under(partner, kept)
    assert names_in(client) == ("", "", "1")
    publish(kept, "Samen Verder (fictief)")
    assert names_in(client) == ("", "Samen Verder (fictief)", "0")
    put_under(case.lead, kept)
    assert names_in(client) == ("Samen Verder (fictief)", "Samen Verder (fictief)", "0")
    force(partner, now_as=None)
    assert names_in(client) == ("Samen Verder (fictief)", "", "1")


def test_until_a_merge_is_past_undoing_a_partner_has_the_name_that_it_had(client: Client) -> None:
    """A merge can be a mistake: the name of another organisation would stand in public as a partner of this grant."""
    (case,) = granted()
    partner = case.partners[0].organisation
    kept = OrganisationFactory.create()
    publish(kept, "Een heel andere (fictief)")
    put_under(partner, kept)
    merge = Merge.objects.create(
        kept=kept,
        gone=partner,
        region=case.coalition.region,
        before={"gone": {"is_public": True}},
        merged_at=AT,
    )
    assert names_in(client) == ("", partner.name, "0")
    force(kept, published_at=None, published_by=None)
    assert names_in(client) == ("", "", "1")
    publish(kept, kept.name)
    force(merge, before={"gone": {"is_public": False}})
    assert names_in(client) == ("", "", "1")
    merge.delete()
    assert names_in(client) == ("", kept.name, "0")


def test_a_partner_is_named_as_it_agreed_to_be(client: Client) -> None:
    """Rule 23: what the map says since is not what it agreed to."""
    (case,) = granted()
    partner = case.partners[0].organisation
    publish(partner, "Zoals wij heten (fictief)")
    region = case.coalition.region
    agreed(partner, region, kwartiermaker_in(region))
    publish(partner, "Zoals een ander ons noemt (fictief)")
    assert names_in(client) == ("", "Zoals wij heten (fictief)", "0")


def names_in(client: Client) -> tuple[str, str, str]:
    (row,) = rows_of(client)
    return row["Penvoerder"], row["Partners"], row["Partners van wie de naam niet openbaar is"]


def test_a_grant_stands_there_only_once_its_coalition_was_told(client: Client) -> None:
    first, second, third = several_submitted(3)
    told(produced(first))
    produced(second)
    told(produced(third, outcome=Outcome.REJECTED))
    assert [row["Coalitie"] for row in rows_of(client)] == [first.coalition.name]
    assert client.get(GRANTS).context["number"] == 1


def test_page_and_file_show_what_is_chosen_with_its_sum(client: Client) -> None:
    first, second, _third = granted(3)
    region = first.coalition.region
    chosen = client.get(GRANTS, {"regio": region.slug}).context
    assert [each.reference for each in chosen["grants"]] == [first.reference]
    assert (chosen["number"], chosen["total"]) == (1, first.decision.amount)
    assert chosen["download"] == f"{FILE}?regio={region.slug}"
    assert [row["Regio"] for row in rows_of(client, {"regio": region.slug})] == [region.name]
    everything = client.get(GRANTS).context
    assert everything["number"] == 3
    numbers = {each["value"]: each["number"] for each in everything["filters"][0]["choices"]}
    assert (numbers[region.slug], numbers[second.coalition.region.slug], len(numbers)) == (1, 1, 3)
    nothing = client.get(GRANTS, {"regio": "nergens"})
    assert "Er zijn hier nog geen subsidies verleend." in page_text(nothing)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(client: Client, begin: str) -> None:
    (case,) = granted()
    force(case, title=f"{begin}1+1")
    assert [row["Project"] for row in rows_of(client)] == [f"'{begin}1+1"]


def test_a_program_that_parts_the_file_by_commas_opens_no_formula_either(client: Client) -> None:
    (case,) = granted()
    force(case, title="Samen,=1+1")
    for part in (FILE, reverse("website:coverage_file"), reverse("website:coverage_months")):
        lines = client.get(part).getvalue().decode().removeprefix("\ufeff").splitlines()
        cells = [cell for row in csv.reader(lines) for cell in row]
        assert [each for each in cells if each.startswith("=")] == []
        assert all(line.startswith('"') and line.endswith('"') for line in lines)


@pytest.mark.parametrize("count", [1, 3])
def test_grants_take_the_same_queries_however_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    granted(count)
    with django_assert_num_queries(6):
        client.get(GRANTS)
    with django_assert_num_queries(2):
        rows_of(client)
