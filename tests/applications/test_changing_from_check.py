"""From the last page before submitting one changes any part at the very field, and comes back to it (rule 30)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment

pytestmark = pytest.mark.django_db
FROM_CHECK = "?van=controleren"


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.ready()


def url(case: Any, name: str, *more: Any) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


def test_each_part_leads_to_its_own_field_which_is_there(client: Client, case) -> None:
    log_in(client, case.applicant)
    page = client.get(url(case, "check")).content.decode()
    links = re.findall(r'href="([^"]+)\?van=controleren(?:#([^"]+))?"', page)
    keys = [each.key for each in case.call.sections.all()]
    assert {address for address, _anchor in links} == {
        *(url(case, name) for name in ("particulars", "people", "partners", "budget", "attachments")),
        *(url(case, "section", key) for key in keys),
    }
    for address, anchor in links:
        target = client.get(address + FROM_CHECK).content.decode()
        assert not anchor or f'id="{anchor}"' in target, (address, anchor)
        assert re.search(rf'href="{url(case, "check")}#part-', target), address


def test_one_comes_back_to_that_part_after_saving_and_stays_on_the_way_while_staying(
    client: Client, case
) -> None:
    log_in(client, case.applicant)
    key = case.call.sections.all()[0].key
    address = url(case, "section", key)
    typed = {"text": "Anders", "seen_version": "1", "back": "check"}
    assert client.post(address, typed).url == f"{url(case, 'check')}#part-section-{key}"
    assert f'id="part-section-{key}"' in client.get(url(case, "check")).content.decode()
    stayed = client.post(address, {**typed, "text": "Nog anders", "seen_version": "2", "stay": "1"})
    assert stayed.url == address + FROM_CHECK


def test_what_was_refused_stays_on_the_way_back(client: Client, case) -> None:
    log_in(client, case.applicant)
    typed = {"title": "Titel", "starts_on": "gisteren", "seen_version": "1", "back": "check"}
    refused = client.post(url(case, "particulars"), typed)
    assert (refused.status_code, 'name="back" value="check"' in refused.content.decode()) == (422, True)


def test_nobody_is_led_elsewhere(client: Client, case) -> None:
    log_in(client, case.applicant)
    page = client.get(url(case, "particulars") + "?van=https://elders.example").content.decode()
    assert ("#part-" in page, 'href="https://elders' in page) == (False, False)


def test_who_was_invited_comes_back_to_no_last_page(client: Client, case) -> None:
    helper = joined(case)
    log_in(client, helper)
    page = client.get(url(case, "particulars") + FROM_CHECK).content.decode()
    assert url(case, "check") not in page
