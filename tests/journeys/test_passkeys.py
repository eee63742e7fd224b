"""Somebody adds a passkey, logs out, and logs in with it, without a password and under the strict rules for scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import NARROW
from tests.factories.accounts import PASSWORD, UserFactory
from tests.journeys.walking import arrive, follow, press

pytestmark = pytest.mark.usefixtures("transactional_db")


def give_device(page: Page) -> str:
    """Let the browser have a device that opens passkeys by a finger, and return its name."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return str(devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"])


def by_name(server: LiveServer) -> str:
    """Return the address of the server by a name: a passkey belongs to one, and to no number."""
    return server.url.replace("127.0.0.1", "localhost")


def test_somebody_adds_a_passkey_and_logs_in_with_it(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    user, page = UserFactory.create(), visit(viewport=NARROW)
    give_device(page)
    place = by_name(live_server)
    page.goto(f"{place}/account/login/")
    page.get_by_label("E-mailadres").fill(user.email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    press(page, "Inloggen")
    arrive(page, f"Welkom, {user.full_name}")
    page.goto(f"{place}/account/2fa/")
    follow(page, "Passkey toevoegen")
    arrive(page, "Passkey toevoegen")
    page.get_by_label("Naam van deze passkey").fill("Telefoon (fictief)")
    press(page, "Passkey toevoegen")
    arrive(page, "Herstelcodes")
    page.goto(f"{place}/account/2fa/webauthn/")
    arrive(page, "Passkeys")
    expect(page.get_by_role("heading", name="Telefoon (fictief)")).to_be_visible()
    page.goto(f"{place}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    page.goto(f"{place}/account/login/?next=/help/")
    arrive(page, "Inloggen")
    press(page, "Inloggen met een passkey")
    page.wait_for_url(f"{place}/help/")
    page.goto(f"{place}/start/")
    arrive(page, f"Welkom, {user.full_name}")


def test_a_browser_without_a_passkey_says_what_to_do(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page = visit(viewport=NARROW)
    give_device(page)
    place = by_name(live_server)
    page.goto(f"{place}/account/login/")
    press(page, "Inloggen met een passkey")
    expect(page.get_by_role("alert")).to_have_text(
        "Er is geen passkey gebruikt. Probeer het opnieuw, of kies een andere manier."
    )
