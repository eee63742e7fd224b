"""Names in Dutch order."""

import pytest

from regions.names import region_slug, sort_name


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("'s-Gravenhage", "gravenhage"),
        ("’s-Hertogenbosch", "hertogenbosch"),
        ("'t Gooi", "gooi"),
        ("Den Haag", "haag"),
        ("De Fryske Marren", "fryske marren"),
        ("Het Hogeland", "hogeland"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("  Łódź   aan Zee ", "łodz aan zee"),
        ("Dental Zorg", "dental zorg"),
        ("Deventer", "deventer"),
    ],
)
def test_articles_accents_and_capitals_do_not_count(name: str, sorted_as: str) -> None:
    assert sort_name(name) == sorted_as


def test_a_region_has_an_address_of_plain_letters() -> None:
    assert region_slug("Zuid-Hollandse Eilanden/Súdwest") == "zuid-hollandse-eilanden-sudwest"
