"""What the privacy page claims, the portal does: each claim that code can show (rules 14, 22, 23, 26 and 27)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from coalitions.domain.coalitions import choose_to_be_shown
from hubportal.accounts.enums import Role
from hubportal.accounts.permissions import ASSESSORS
from retention.domain.approving import DAYS_TO_RECONSIDER
from retention.domain.loading import load_periods
from retention.enums import ERASED_AT_ONCE, DataKind
from retention.models import RetentionPeriod
from retention.queries import LOOKS_EVERY, is_destroyed_here
from tests.architecture.sources import ROOT
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import started
from tests.pages import page_text

pytestmark = pytest.mark.django_db

AT_ONCE, APPROVED, NOBODY = "het portaal, meteen", "het portaal, na goedkeuring", "niemand"
FORMING = "1 coalitie is in wording"
NOT_YET = "het portaal vernietigt dit nog niet"


def said(client: Client) -> str:
    return page_text(client.get(reverse("website:privacy")))


def rows_of(client: Client) -> dict[str, list[str]]:
    """Return the cells of the table of periods, by what is kept."""
    shown = client.get(reverse("website:privacy")).content.decode()
    table = shown.partition('id="periods"')[2].partition("</table>")[0]
    cells = [re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", row) for row in table.split("<tr")[2:]]
    plain = [[" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in row] for row in cells]
    return {row[0]: row for row in plain if row}


def test_each_kind_of_data_has_one_row_with_its_own_period_and_who_destroys_it(client: Client) -> None:
    load_periods(settings.BASE_DIR / "fixtures")
    rows = rows_of(client)
    assert len(rows) == len(DataKind)
    for period in RetentionPeriod.objects.all():
        name = period.get_kind_display()
        cells = rows[name[:1].upper() + name[1:]]
        if not period.length:
            expected = NOBODY
        elif period.kind in ERASED_AT_ONCE:
            expected = AT_ONCE
        else:
            expected = APPROVED if is_destroyed_here(period.kind) else NOT_YET
        length = re.match(r"\d+", cells[1])
        assert (int(length[0]) if length else None, cells[-1]) == (period.length, expected)


def test_the_numbers_in_its_sentences_are_those_of_the_code(client: Client) -> None:
    shown = said(client)
    for sentence, is_so in (
        ("Eén keer per dag zet het portaal op een lijst", timedelta(days=1) == LOOKS_EVERY),
        ("hebben zeven dagen om erop terug te komen", DAYS_TO_RECONSIDER == 7),
        ("tot twaalf uur nadat", settings.SESSION_COOKIE_AGE == 12 * 60 * 60),
    ):
        assert (sentence in shown, is_so) == (True, True), sentence


def test_no_other_cookies_are_set_than_those_it_names(client: Client) -> None:
    named = set(re.findall(r"\((sessionid|csrftoken|messages)\)", said(client)))
    user = UserFactory.create()
    for name in ("website:home", "account_login", "website:find_region"):
        client.get(reverse(name))
    log_in(client, user)
    client.get(reverse("website:start"))
    client.get("/en/")
    assert set(client.cookies) <= named
    assert named == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}


def test_pages_load_nothing_from_other_sites() -> None:
    allowed = {
        each for sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for each in sources
    }
    assert allowed == {"'none'", "'self'", "data:"}


@pytest.mark.parametrize("role", sorted(ASSESSORS.roles))
def test_who_sees_applications_of_others_gives_a_second_factor(client: Client, role: Role) -> None:
    log_in(client, person(role), second_factor=False)
    answer = client.get(reverse("admin:index"))
    assert (answer.status_code, "/account/" in answer.url) == (302, True)


def test_the_log_of_the_web_server_has_nothing_that_was_typed(client: Client) -> None:
    """``tests/deploy/test_running_proxy.py`` asks nginx itself, where it is installed."""
    assert "komen in het logboek van de webserver, zonder wat u typte" in said(client)
    written = re.findall(r"access_log (.*);", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))
    assert {each for each in written if each != "off"} == {"/var/log/nginx/access.log without_secrets"}


def test_visitors_see_a_coalition_only_once_it_chose_to_be_shown(client: Client) -> None:
    assert "telt alleen mee als die dat wil" in said(client)
    case = started()
    address = reverse("website:region", args=[case.coalition.region.slug])
    assert FORMING not in page_text(client.get(address))
    choose_to_be_shown(coalition_id=case.coalition_id, is_shown=True, actor=case.applicant, at=AT)
    shown = page_text(client.get(address))
    assert (FORMING in shown, case.coalition.name in shown) == (True, False)
