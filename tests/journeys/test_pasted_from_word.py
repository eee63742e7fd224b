"""What somebody copied in Word is pasted with the keyboard: text with its lists stays, signs that nobody sees go (rules 32 and 33)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import ApplicationSection
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.journeys.walking import log_in, look

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
KEY = "opgave"
# As Word lays it on the clipboard: bullets of its symbol font, soft hyphens, a line broken with Shift and Enter.
PLAIN = (
    "Wat wij doen voor ouderen\u00adzorg (fictief)\r\n\uf0b7\tWij bellen aan\r\n\uf0b7\tWij drinken koffie\r\n"
    "1.\tEerst luisteren\r\n2.\tDan \u201cdoen\u201d\u200b\r\nMet de buurt\x0ben de school"
)
RICH = (
    "<p class=MsoNormal><font color=red>Wat wij doen voor ouderen&shy;zorg (fictief)</font></p>"
    "<p class=MsoListParagraph><font face=Symbol>·</font>Wij bellen aan</p>"
)
KEPT = (
    "Wat wij doen voor ouderenzorg (fictief)\n\u2022\tWij bellen aan\n\u2022\tWij drinken koffie\n"
    "1.\tEerst luisteren\n2.\tDan \u201cdoen\u201d\nMet de buurt\nen de school"
)
COPY = """([plain, rich]) => navigator.clipboard.write([new ClipboardItem({
  'text/plain': new Blob([plain], {type: 'text/plain'}), 'text/html': new Blob([rich], {type: 'text/html'}),
})])"""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_text_of_word_is_kept_with_its_lists_and_without_what_nobody_sees(
    live_server: LiveServer, visit: Callable[..., Page], size: object
) -> None:
    with around_acts():
        case = scenarios.started(partners=1)
    page = visit(viewport=size)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    log_in(page, live_server, case.applicant.email)
    page.goto(f"{live_server.url}/aanvragen/{case.reference}/onderdeel/{KEY}/")
    page.evaluate(COPY, [PLAIN, RICH])
    box = page.get_by_role("textbox")
    box.focus()
    page.keyboard.press("Control+V")
    expect(box).to_have_value(in_a_box(PLAIN))
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    assert ApplicationSection.objects.get(application=case, spec__key=KEY).text == KEPT
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value(KEPT)
    look(page)


def in_a_box(typed: str) -> str:
    """Return a text as a box of a browser has it: with one kind of line end."""
    return typed.replace("\r\n", "\n")
