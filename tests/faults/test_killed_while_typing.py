"""The web server is killed while somebody types, in each kind of form: once it runs again what they typed is kept (rules 12 and 32)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from applications.models import Application, Comment, Task
from tests.browser import NARROW
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.faults.conftest import Server, until

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2030-05-01"
TEXT = "Wat ik net typte (fictief)"


@dataclass(frozen=True)
class Form:
    """A form: its address below that of the application, the box in which one types, and what of it is kept."""

    path: str
    box: Callable[[Page], Locator]
    kept: Callable[[Any], str]
    # What else has to be filled in.
    rest: Callable[[Page], None] = lambda _page: None


def fill_in_task(page: Page) -> None:
    """Choose who does it and by when."""
    page.get_by_label("Wie doet het?").select_option(index=0)
    page.get_by_label("Uiterlijk op welke dag?").fill(DAY)


SAVED_BY_ITSELF = {
    "section": Form(
        "onderdeel/opgave/",
        lambda page: page.get_by_role("textbox"),
        lambda case: case.sections.get(spec__key="opgave").text,
    ),
    "particulars": Form("gegevens/", lambda page: page.locator('[name="title"]'), lambda case: case.title),
    "people": Form(
        "betrokkenen/",
        lambda page: page.locator('[name="leader_name"]'),
        lambda case: case.people.leader_name,
    ),
    "budget": Form(
        "begroting/",
        lambda page: page.locator('[name="lines-0-description"]'),
        lambda case: case.budget_lines.order_by("position", "pk")[0].description,
    ),
}
SENT_BY_ITS_BUTTON = {
    "comment": Form(
        "onderdeel/opgave/opmerkingen/",
        lambda page: page.get_by_label("Uw opmerking"),
        lambda _case: "".join(Comment.objects.values_list("text", flat=True)),
    ),
    "task": Form(
        "taken/",
        lambda page: page.get_by_label("Wat moet er gebeuren?"),
        lambda _case: "".join(Task.objects.filter(due_on=DAY).values_list("what", flat=True)),
        fill_in_task,
    ),
}


@dataclass
class Typing:
    """Somebody with one of these forms before them, on a server that can be cut off."""

    server: Server
    case: Any
    page: Page
    form: Form

    @property
    def address(self) -> str:
        return f"{self.server.address}/aanvragen/{self.case.reference}/{self.form.path}"

    @property
    def box(self) -> Locator:
        return self.form.box(self.page)

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-save-state]")

    def is_kept(self) -> bool:
        return self.form.kept(Application.objects.get(pk=self.case.pk)) == TEXT


def typing(server: Server, visit: Callable[..., Page], form: Form) -> Typing:
    case = scenarios.written()
    page = visit(viewport=NARROW)
    session = log_in(Client(), case.applicant).session.session_key
    page.context.add_cookies([{"name": "sessionid", "value": str(session), "url": server.address}])
    found = Typing(server, case, page, form)
    page.goto(found.address)
    return found


@pytest.mark.parametrize("form", SAVED_BY_ITSELF)
def test_what_is_typed_while_the_server_is_gone_is_saved_once_it_is_back(
    server: Server, visit: Callable[..., Page], form: str
) -> None:
    at_work = typing(server, visit, SAVED_BY_ITSELF[form])
    server.cut_off()
    at_work.box.fill(TEXT)
    expect(at_work.state).to_contain_text("Niet opgeslagen: geen verbinding")
    assert not at_work.is_kept()
    server.start()
    expect(at_work.state).to_contain_text("Opgeslagen om")
    assert at_work.is_kept()


@pytest.mark.parametrize("form", SAVED_BY_ITSELF)
def test_who_closes_the_tab_meanwhile_finds_it_again(
    server: Server, visit: Callable[..., Page], form: str
) -> None:
    at_work = typing(server, visit, SAVED_BY_ITSELF[form])
    server.cut_off()
    at_work.box.fill(TEXT)
    expect(at_work.state).to_contain_text("Niet opgeslagen")
    tab = at_work.page.context.new_page()
    at_work.page.close()
    server.start()
    at_work.page = tab
    tab.goto(at_work.address)
    expect(at_work.box).to_have_value(TEXT)
    until(at_work.is_kept, seconds=30, what="what was typed before")


@pytest.mark.parametrize("form", SENT_BY_ITS_BUTTON)
def test_what_is_sent_to_a_server_that_is_gone_stands_in_the_form_again(
    server: Server, visit: Callable[..., Page], form: str
) -> None:
    at_work = typing(server, visit, SENT_BY_ITS_BUTTON[form])
    server.cut_off()
    at_work.box.fill(TEXT)
    at_work.form.rest(at_work.page)
    with at_work.page.expect_event("requestfailed"):
        at_work.page.locator("form[data-keep] button[type=submit]").first.click()
    server.start()
    at_work.page.goto(at_work.address)
    expect(at_work.box).to_have_value(TEXT)
    at_work.page.locator("form[data-keep] button[type=submit]").first.click()
    until(at_work.is_kept, seconds=30, what="what was sent anew")
    at_work.page.goto(at_work.address)
    expect(at_work.box).to_have_value("")
