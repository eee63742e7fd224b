"""A row that is perhaps known is mended in place, and judged anew with what was chosen for it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from imports.enums import Choice, Fate
from imports.models import MapImport
from mapping.domain.organisations import add_to_map
from organisations.domain.organisations import OrganisationFacts
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.imports.spreadsheets import a_region, address, checked, mapper_of, text_file, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def user(client: Client, region: Region) -> User:
    mapper = mapper_of(region)
    log_in(client, mapper)
    add_to_map(facts=OrganisationFacts("Raad Zuid", role="system"), region=region, actor=mapper, at=AT)
    return mapper


def doubtful(region: Region, user: User) -> MapImport:
    made = checked(region, user, text_file([["Naam", "Rol", "KvK"], ["Raad Zuid", "leefwereld"]]))
    assert row_of(made) == (Fate.DOUBTFUL, None, ["Raad Zuid", "leefwereld"])
    return made


def row_of(made: MapImport) -> tuple[Any, ...]:
    return made.rows.values_list("fate", "choice", "cells").get(number=2)


def sent(client: Client, region: Region, made: MapImport, choice: str = "", **cells: str) -> Any:
    """Send the page of rows as a browser does; cells by place, as ``_0``."""
    made.refresh_from_db()
    typed = {f"cel-2-{name[1:]}": each for name, each in cells.items()}
    chosen = {"keuze-2": choice} if choice else {}
    return client.post(
        address("rows", region, made),
        {"seen_version": made.version, "lot": "alle", "page": "1", "rij-2": "", **chosen, **typed},
    )


def test_every_column_can_be_mended_also_an_empty_one(client: Client, region: Region, user: User) -> None:
    made = doubtful(region, user)
    page = client.get(address("import", region, made)).content.decode()
    assert page.count("Deze rij verbeteren") == 1
    assert [f'name="cel-2-{place}"' in page for place in range(4)] == [True, True, True, False]
    assert "<details >" in page or "<details>" in page


def test_what_is_mended_is_judged_anew(client: Client, region: Region, user: User) -> None:
    made = doubtful(region, user)
    sent(client, region, made, _0="Wijkraad Noord", _1="leefwereld", _2="12345678")
    assert row_of(made) == (Fate.NEW, None, ["Wijkraad Noord", "leefwereld", "12345678"])


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        # Beside the same one it stays chosen, beside nothing it falls away; left out is left out.
        (("1", "Raad Zuid", "systeemwereld; leefwereld"), (Fate.WRONG, None)),
        (("1", "Raad Zuid", ""), (Fate.SAME, None)),
        (("1", "RAAD ZUID", "leefwereld"), (Fate.DOUBTFUL, Choice.SAME)),
        (("2", "RAAD ZUID", "leefwereld"), (Fate.DOUBTFUL, Choice.NEW)),
        (("1", "Wijkraad Noord", "leefwereld"), (Fate.NEW, None)),
        (("2", "Wijkraad Noord", "leefwereld"), (Fate.NEW, None)),
        (("3", "Wijkraad Noord", "leefwereld"), (Fate.NEW, Choice.SKIP)),
        (("3", "Raad Zuid", "onzin"), (Fate.WRONG, Choice.SKIP)),
        (("2", "Raad Zuid", "onzin"), (Fate.WRONG, None)),
    ],
)
def test_what_is_chosen_with_it_stays_where_it_still_answers_the_row(
    client: Client, region: Region, user: User, typed: tuple[str, str, str], becomes: tuple[Any, Any]
) -> None:
    made = doubtful(region, user)
    choice, name, role = typed
    sent(client, region, made, choice, _0=name, _1=role, _2="")
    assert row_of(made)[:2] == becomes


def test_a_row_that_was_mended_comes_on_the_map_as_it_is_then(
    client: Client, region: Region, user: User
) -> None:
    made = doubtful(region, user)
    sent(client, region, made, "1", _0="Raad Zuid", _1="", _2="12345678")
    made.refresh_from_db()
    client.post(address("take", region, made), {"seen": made.version})
    assert list(organisations_in(region).values_list("name", "role", "kvk_number")) == [
        ("Raad Zuid", "system", "")
    ]


def test_fields_that_come_back_as_they_went_change_nothing(
    client: Client, region: Region, user: User
) -> None:
    notes = "\nBelt terug\n\n'=1+1 & <b>later</b>"
    made = checked(region, user, workbook([["Naam", "Notities"], ["Raad Zuid", notes]]))
    [kept] = made.rows.filter(number=2).values_list("cells", flat=True)
    assert "\n" in kept[1]
    page = client.get(address("import", region, made)).content.decode()
    assert '<textarea class="utrecht-textarea utrecht-textarea--html-textarea" id="cel-2-1"' in " ".join(
        page.split()
    )
    answer = sent(client, region, made, "1", _0="Raad Zuid", _1=kept[1].replace("\n", "\r\n"))
    assert answer.status_code == 302
    assert row_of(made) == (Fate.DOUBTFUL, Choice.SAME, kept)
    before = made.version
    sent(client, region, made, "1", _0="Raad Zuid", _1=kept[1].replace("\n", "\r\n"))
    made.refresh_from_db()
    assert made.version == before + 1


def test_what_is_typed_stays_on_the_page_when_it_is_refused(
    client: Client, region: Region, user: User
) -> None:
    """Rule 32."""
    made = doubtful(region, user)
    typed = {
        "rij-2": "",
        "cel-2-0": "Raad Zuidoost",
        "cel-2-1": "leefwereld",
        "cel-2-2": "123",
        "keuze-2": "2",
    }
    answer = client.post(
        address("rows", region, made), {"seen_version": made.version - 1, "lot": "alle", **typed}
    )
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, "<details open>" in page) == (409, True)
    assert 'name="cel-2-0" value="Raad Zuidoost"' in page
    assert 'name="cel-2-2" value="123"' in page
    assert page.count('name="cel-2-2"') == 1
    assert "Een KvK-nummer heeft acht cijfers." in page
    assert row_of(made) == (Fate.DOUBTFUL, None, ["Raad Zuid", "leefwereld"])


def test_a_cell_that_is_too_long_to_be_typed_is_not_cut(client: Client, region: Region, user: User) -> None:
    made = doubtful(region, user)
    made.rows.filter(number=2).update(cells=["Raad Zuid", "leefwereld", "1" * 10_001])
    page = client.get(address("import", region, made)).content.decode()
    assert [f'name="cel-2-{place}"' in page for place in range(3)] == [True, True, False]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_with_fields_however_many_rows(
    client: Client, region: Region, user: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        organisation_in(region, name=f"Adviesraad {number} te Middelstad", kvk_number="")
    cells = ([f"Adviesraad {each} te Middelstad", "leefwereld"] for each in range(rows))
    made = checked(region, user, text_file([["Naam", "Rol"], *cells]))
    with django_assert_num_queries(16):
        page = client.get(address("import", region, made)).content.decode()
    assert page.count("Deze rij verbeteren") == rows
