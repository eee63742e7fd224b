"""What happens around every request: its moment of receipt, the second factor, what caches may keep."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from hubportal.accounts.enums import SECOND_FACTOR_ROLES, Role
from hubportal.kernel import clock
from hubportal.middleware import private_pages, received_at
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.regions import RegionFactory

TEN_SECONDS = timedelta(seconds=10)


def moment_of(**headers: str) -> datetime:
    """Return the moment of receipt that a request with these headers gets."""
    seen: list[datetime] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.received_at)
        return HttpResponse()

    received_at(view)(RequestFactory().get("/", headers=headers))
    return seen[0]


def stamp(moment: datetime) -> str:
    """Return what nginx writes: seconds with three places."""
    return f"t={moment.timestamp():.3f}"


def test_moment_of_receipt_is_now_without_a_proxy() -> None:
    before = datetime.now(UTC)
    assert before <= moment_of() <= datetime.now(UTC)


def test_header_is_not_believed_without_a_proxy_of_ours(settings: Settings) -> None:
    settings.TRUST_PROXY = False
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert datetime.now(UTC) - moment_of(**{"X-Request-Start": stamp(an_hour_ago)}) < TEN_SECONDS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("t=1715688000.000", datetime(2024, 5, 14, 12, 0, tzinfo=UTC)),
        ("t=1715687999.999", datetime(2024, 5, 14, 11, 59, 59, 999_000, tzinfo=UTC)),
        ("t=1715687999999", datetime(2024, 5, 14, 11, 59, 59, 999_000, tzinfo=UTC)),
        ("t=1715687999999999", datetime(2024, 5, 14, 11, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_header_of_the_proxy_is_the_moment_of_receipt_exactly(
    settings: Settings, written: str, meant: datetime
) -> None:
    settings.TRUST_PROXY = True
    # As long as it takes to come to the present from then.
    settings.REQUEST_TIMEOUT_SECONDS = 10**9
    assert moment_of(**{"X-Request-Start": written}) == meant


@pytest.mark.parametrize(
    "written", ["", "1715688000.000", "t=", "t=17156880", "t=1715688000.000, t=1", "t=-1715688000.000"]
)
def test_header_that_makes_no_sense_is_not_believed(settings: Settings, written: str) -> None:
    settings.TRUST_PROXY = True
    assert datetime.now(UTC) - moment_of(**{"X-Request-Start": written}) < TEN_SECONDS


def test_moment_before_any_request_could_have_begun_is_not_believed(settings: Settings) -> None:
    settings.TRUST_PROXY = True
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    believed = datetime.now(UTC) - moment_of(**{"X-Request-Start": stamp(an_hour_ago)})
    assert believed < timedelta(seconds=settings.REQUEST_TIMEOUT_SECONDS) + TEN_SECONDS


def test_proxy_whose_clock_runs_ahead_makes_nobody_late(settings: Settings) -> None:
    settings.TRUST_PROXY = True
    assert moment_of(**{"X-Request-Start": stamp(datetime.now(UTC) + timedelta(hours=1))}) <= datetime.now(
        UTC
    )


def test_moment_of_receipt_is_on_the_clock_of_the_demo() -> None:
    clock.move_with(lambda: timedelta(days=-900))
    assert timedelta(days=899) < datetime.now(UTC) - moment_of() < timedelta(days=901)


# ------------------------------------------------------------------------------------------ second factor


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_role_that_reads_others_is_asked_for_its_second_factor(client: Client, role: Role) -> None:
    log_in(client, person(role), second_factor=False)
    response = client.get("/start/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/account/2fa/reauthenticate/?next=%2Fstart%2F",
    )


@pytest.mark.django_db
def test_role_without_a_second_factor_is_told_to_set_one_up(client: Client) -> None:
    user = person(Role.OFFICER)
    user.authenticator_set.all().delete()
    log_in(client, user, second_factor=False)
    assert client.get("/start/")["Location"] == "/account/2fa/totp/activate/?next=%2Fstart%2F"


@pytest.mark.django_db
def test_applicant_is_asked_for_no_second_factor(client: Client) -> None:
    log_in(client, UserFactory(), second_factor=False)
    assert client.get("/start/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("has_one", [True, False])
@pytest.mark.parametrize("start", ["/", "/start/", "/beheer/", "/regios/", "/account/email/"])
def test_no_page_sends_somebody_round_in_circles(client: Client, start: str, has_one: bool) -> None:
    user = person(Role.REVIEWER)
    if not has_one:
        user.authenticator_set.all().delete()
    log_in(client, user, second_factor=False)
    path, seen = start, []
    while path not in seen and len(seen) < 8:
        seen.append(path)
        response = client.get(path)
        if response.status_code != 302:
            break
        path = response["Location"]
    assert (response.status_code, len(seen) <= 4) == (200, True), seen


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/logout/", "/healthz/live", "/account/reauthenticate/"])
def test_way_out_stays_open_without_a_second_factor(client: Client, path: str) -> None:
    user = person(Role.REVIEWER)
    user.authenticator_set.all().delete()
    log_in(client, user, second_factor=False)
    assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_second_factor_of_this_session_opens_the_pages(client: Client) -> None:
    log_in(client, person(Role.REVIEWER))
    assert client.get("/start/").status_code == 200


# --------------------------------------------------------------------------------------------- caches


@pytest.mark.django_db
def test_pages_of_a_person_are_kept_by_no_cache(client: Client) -> None:
    log_in(client, UserFactory())
    assert client.get("/start/")["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_page_that_says_how_it_may_be_kept_is_left_alone() -> None:
    request = RequestFactory().get("/")
    request.user = UserFactory()
    answer = private_pages(lambda _: HttpResponse(headers={"Cache-Control": "max-age=60"}))(request)
    assert answer["Cache-Control"] == "max-age=60"


@pytest.mark.django_db
def test_pages_for_everybody_may_be_kept_but_are_asked_for_again(client: Client) -> None:
    """Rule 26: of a feed, which says when it last changed, caches would else keep for days what was withdrawn."""
    region = RegionFactory.create()
    for address in ("/", "/verificatie/", f"/regios/{region.slug}/nieuws.atom"):
        assert client.get(address)["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_logging_out_and_nothing_else_clears_what_the_device_kept_of_what_was_typed(client: Client) -> None:
    log_in(client, UserFactory.create())
    assert not client.get("/start/").has_header("Clear-Site-Data")
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"storage"'
    assert not client.post("/account/logout/").has_header("Clear-Site-Data")
