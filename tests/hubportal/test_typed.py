"""What somebody typed in a form whose page is theirs no more, such as after a region was handed over (rule 32)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import log_in, person
from tests.factories.regions import RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db

TYPED = {
    "csrfmiddlewaretoken": "Ab12",
    "seen_version": "3",
    "next": "/Regiowerk/",
    "new_password": "Geheim wachtwoord",
    "name": "Buurthuis <b>De Brug</b>",
    "kind": "client-council",
    "municipality": "GM0202",
    "streams": ["patients", "councils"],
    "kvk_number": "12345678",
    "next_on": "2026-05-01",
    "website": "www.brug.example",
    "notes": "Belde.\r\nWil meedoen.",
}


def _texts(answer: Any) -> list[str]:
    return re.findall(r'<li class="hub-preserve">(.*?)</li>', answer.content.decode(), re.DOTALL)


def _post(address: str, sent: dict[str, Any]) -> Any:
    client = Client()
    log_in(client, person())
    return client.post(address, sent)


def test_what_was_typed_stands_on_the_page_that_cannot_take_it() -> None:
    answer = _post(reverse("mapping:add_organisation", args=[RegionFactory().slug]), TYPED)
    assert answer.status_code == 404
    assert _texts(answer) == [
        "Buurthuis &lt;b&gt;De Brug&lt;/b&gt;",
        "12345678",
        "www.brug.example",
        "Belde.\r\nWil meedoen.",
    ]
    assert "Wat u typte, is niet opgeslagen" in page_text(answer)


@pytest.mark.parametrize(
    "address", ["/bestaat-niet/", "/volgen/stoppen/00000000-0000-4000-8000-000000000000/x/"]
)
def test_what_the_page_of_anybody_may_have_sent_is_not_repeated(address: str) -> None:
    """Neither where there is no view, nor where programs of mail may send a form."""
    answer = _post(address, TYPED)
    assert (answer.status_code, _texts(answer)) == (404, [])


def test_nothing_typed_is_not_told() -> None:
    answer = _post(reverse("mapping:add_organisation", args=[RegionFactory().slug]), {"kind": "anders"})
    assert (answer.status_code, _texts(answer)) == (404, [])
    assert "niet opgeslagen" not in page_text(answer)
