"""How often one visitor may do something: one connection is one visitor, however many addresses it has (rule 24)."""

from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from hubportal.visitors import asks_too_often

MOST = 2


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


def refused(addresses: Iterable[str]) -> list[bool]:
    asked = [RequestFactory().post("/", REMOTE_ADDR=each) for each in addresses]
    return [asks_too_often(each, what="something", most=MOST, seconds=60) for each in asked]


def test_one_address_and_one_network_of_a_device_ask_a_few_times() -> None:
    assert refused(["192.0.2.1"] * 3 + ["192.0.2.2"]) == [False, False, True, False]
    # Nor is there more for who has a row of addresses.
    assert refused(f"198.51.100.{number}" for number in range(11)) == [False] * 10 + [True]
    assert refused(["198.51.101.1"]) == [False]
    assert refused(["2001:db8::1", "2001:db8::2", "2001:db8::3"]) == [False, False, True]


@pytest.mark.parametrize(
    ("one", "neighbour"), [("192.0.2.1", "192.0.2.99"), ("2001:db8:0:1::1", "2001:db8:0:2::1")]
)
def test_what_one_asks_in_vain_keeps_nobody_beside_it_out(one: str, neighbour: str) -> None:
    assert refused([one] * 40) == [False] * MOST + [True] * 38
    assert refused([neighbour]) == [False]


def test_all_networks_of_one_connection_together_ask_a_few_times_more() -> None:
    assert refused(f"2001:db8:0:{number:x}::1" for number in range(11)) == [False] * 10 + [True]
    assert refused(["2001:db8:1::1"]) == [False]
