"""The address chooses the language of a page, and nothing else does; a page stays the same in the other language."""

from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.domain.consents import ask_consent
from hubportal.accounts.enums import Role
from hubportal.kernel.languages import in_language, language_of, without_language
from hubportal.mail.models import OutgoingMail
from tests.access.matrix import ANSWERS
from tests.access.matrix_accounts import ANSWERS as ACCOUNTS
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.pages import page_text

# After logging in, or behind a secret or a form of one card: no search engine is told of these.
APART = {"website:start", "website:open_items", "website:hand_over"}
PUBLIC = sorted(
    name
    for name, method in ANSWERS
    if method == "GET"
    and name.startswith(("website:", "documents:"))
    and not name.startswith("website:cards:")
    and name not in {"website:follow", "website:confirm_following", "website:stop_following"}
    and not name.startswith("residents:")
    and name not in APART
)
FOR_PROGRAMS = {
    f"website:{name}"
    for name in [
        "robots",
        "security",
        "suggestions",
        "sitemap",
        "region_feed",
        "call_calendar",
        "empty_form",
        "grants_file",
        "coverage_file",
        "coverage_months",
    ]
}
REDIRECTS = {"website:find_region"}
PAGES = [name for name in PUBLIC if name not in FOR_PROGRAMS | REDIRECTS]
FOR_VISITORS = ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
# What browsers say of their person, and what the portal of before kept in a cookie.
WISHES: list[dict[str, Any]] = [
    {"headers": {"accept-language": "en"}},
    {"headers": {"accept-language": "en-GB,en;q=0.9,nl;q=0.1"}},
    {"headers": {"accept-language": "nl"}},
    {"headers": {"cookie": "django_language=en"}},
    {},
]


class _Head(HTMLParser):
    """Reads the language of a page, its alternates, and where its switch leads."""

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.alternates: dict[str, str] = {}
        self.switch: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element says of languages."""
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        if tag == "link" and given.get("rel") == "alternate" and "hreflang" in given:
            self.alternates[given["hreflang"]] = given["href"]
        if tag == "a" and "data-language-switch" in given:
            self.switch[given["hreflang"]] = given["href"]


def head_of(response: Any) -> _Head:
    read = _Head()
    read.feed(response.content.decode())
    return read


def path_of(name: str) -> str:
    arguments = {
        "website:region": lambda: [RegionFactory.create().slug],
        "website:call": lambda: [CallFactory.create().slug],
        "website:can_apply": lambda: [CallFactory.create().slug],
        "website:write_ahead": lambda: [CallFactory.create().slug],
        "documents:verify_code": lambda: ["HP-2222-2222-2222"],
    }
    return reverse(name, args=arguments[name]() if name in arguments else [])


@pytest.mark.parametrize("path", ["/en//elders.example/inloggen/", "/en///elders.example/inloggen/"])
def test_no_prefix_leads_to_another_site(client: Client, path: str) -> None:
    """Two slashes in front of a path name a host."""
    assert without_language(path) == in_language(path, "nl") == "/elders.example/inloggen/"
    assert 'href="//' not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("path", "language", "plain"),
    [
        ("/", "nl", "/"),
        ("/help/", "nl", "/help/"),
        ("/en/", "en", "/"),
        ("/en", "en", "/"),
        ("/en/help/", "en", "/help/"),
        ("/english/", "nl", "/english/"),
        ("//en/help/", "nl", "//en/help/"),
        ("/EN/help/", "nl", "/EN/help/"),
        ("/de/help/", "nl", "/de/help/"),
    ],
)
def test_path_says_its_language_and_its_page(path: str, language: str, plain: str) -> None:
    assert (language_of(path), without_language(path)) == (language, plain)
    assert (in_language(path, "nl"), in_language(path, "en")) == (plain, f"/en{plain}")


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*PAGES, *FOR_VISITORS])
def test_neither_browser_nor_cookie_chooses_the_language(client: Client, name: str) -> None:
    path = path_of(name)
    for language in ("nl", "en"):
        for wish in WISHES:
            response = client.get(in_language(path, language), **wish)
            assert (response.status_code, response["Content-Language"]) == (200, language), wish
            assert head_of(response).language == language
            assert "Accept-Language" not in response.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*PAGES, *FOR_VISITORS])
def test_switch_keeps_the_page_and_its_query(client: Client, name: str) -> None:
    dutch = path_of(name) + "?zoek=a%20b&page=2"
    english = in_language(dutch, "en")
    assert head_of(client.get(dutch)).switch == {"en": english}
    assert head_of(client.get(english)).switch == {"nl": dutch}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_public_page_names_its_address_in_each_language(client: Client, name: str) -> None:
    path = path_of(name)
    addresses = {code: settings.PUBLIC_ADDRESS + in_language(path, code) for code in ("nl", "en")}
    for language in addresses:
        assert head_of(client.get(in_language(path, language) + "?page=1")).alternates == addresses


@pytest.mark.django_db
def test_page_of_one_person_has_no_address_for_everybody(client: Client) -> None:
    log_in(client, UserFactory.create())
    assert head_of(client.get("/help/")).alternates == {}
    assert head_of(client.get("/account/email/")).alternates == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        name
        for name, method in ACCOUNTS
        if method == "GET"
        and "_from_key" not in name
        and name not in ("mfa_edit_webauthn", "mfa_remove_webauthn")
    ],
)
def test_page_of_the_account_asks_the_same_in_english(client: Client, name: str) -> None:
    if name == "account_confirm_email":
        return
    path = reverse(name)
    log_in(client, person(Role.OFFICER), second_factor=False)
    dutch, english = client.get(path), client.get(in_language(path, "en"))
    assert (english.status_code, english.get("Location")) == (
        dutch.status_code,
        (place := dutch.get("Location")) and in_language(place, "en").replace("=%2F", "=%2Fen%2F"),
    )


@pytest.mark.django_db
def test_english_address_opens_nothing_without_the_second_factor(client: Client) -> None:
    log_in(client, person(Role.OFFICER), second_factor=False)
    for path in ("/start/", "/beheer/", "/account/email/", "/account/password/change/"):
        answer = client.get(in_language(path, "en"))
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/en/account/2fa/reauthenticate/"), path


@pytest.mark.django_db
def test_english_address_opens_no_account_with_a_password_alone(client: Client) -> None:
    user = UserFactory.create()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "FICTIEF234567AAA"})
    log_in(client, user, second_factor=False)
    for path in ("/account/email/", "/account/password/change/"):
        answer = client.get(in_language(path, "en"))
        assert answer.get("Location", "").startswith("/en/account/2fa/reauthenticate/"), path


@pytest.mark.django_db
def test_page_that_is_not_there_says_so_in_the_language_of_its_address(client: Client) -> None:
    for path, language in (
        ("/nergens/", "nl"),
        ("/en/nergens/", "en"),
        ("/nl/help/", "nl"),
        ("/en/en/", "en"),
    ):
        answer = client.get(path)
        assert (answer.status_code, head_of(answer).language) == (404, language)
    assert client.get("/en/help")["Location"] == "/en/help/"


@pytest.mark.django_db
def test_public_page_writes_amounts_and_days_in_its_language(client: Client) -> None:
    call = CallFactory.create()
    path = reverse("website:call", args=[call.slug])
    pages = {code: page_text(client.get(in_language(path, code))) for code in ("nl", "en")}
    written = {"nl": ("€ 50.000,00", "9 april 2024"), "en": ("€50,000.00", "9 April 2024")}
    for code, words in written.items():
        for other, page in pages.items():
            assert [each in page for each in words] == [code == other] * 2, (code, other)


@pytest.mark.django_db
def test_log_in_in_english_leads_to_english_pages(client: Client) -> None:
    user = UserFactory.create()
    asked = client.get("/en/start/")
    assert asked["Location"] == "/en/account/login/?next=/en/start/"
    log_in(client, user)
    assert client.get("/en/account/login/")["Location"] == "/en/start/"


@pytest.mark.django_db
def test_script_that_saves_is_told_that_it_was_logged_out_in_each_language(client: Client) -> None:
    for path in ("/start/", "/en/start/"):
        assert client.get(path, headers={"accept": "application/json"}).status_code == 401


@pytest.mark.django_db
def test_mail_is_dutch_with_dutch_addresses_whatever_the_page_it_comes_from() -> None:
    case = scenarios.written()
    with translation.override("en"):
        ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    mail = OutgoingMail.objects.latest("pk")
    assert mail.language == "nl"
    assert f"{settings.PUBLIC_ADDRESS}/" in mail.body
    assert f"{settings.PUBLIC_ADDRESS}/en/" not in mail.body


@pytest.mark.django_db
def test_pages_of_logged_in_people_are_closed_to_search_engines_in_each_language(client: Client) -> None:
    closed = client.get("/robots.txt").content.decode().split()
    for path in ("/start/", "/beheer/", "/account/", "/aanvragen/", "/coalities/"):
        assert {path, in_language(path, "en")} <= set(closed)
