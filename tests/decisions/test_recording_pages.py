"""What binds in deciding has a page of its own, and a form alone only saves a draft (rules 30 to 32)."""

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse

from calls.enums import Outcome
from decisions.domain.withdrawing import send_back_decision, withdraw_decision
from decisions.models import Decision, DecisionDraft, WithdrawnDecision
from hubportal.accounts.enums import Role
from letters.models import Letter
from tests.decisions.deciding import GRANT, check_of, confirm, page_of, record, version_of, write
from tests.decisions.test_deciding import decide
from tests.decisions.test_deciding_pages import letter_of, officer_with
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import advised, committee, decided, open_to, released
from tests.pages import page_text

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The first button that submits each form, by the form's id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.form, self.first = "", dict[str, str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.form = values.get("id") or ""
        if tag == "button" and values.get("type", "submit") == "submit":
            self.first.setdefault(values.get("form") or self.form, values.get("name") or "")


def test_enter_in_a_field_presses_a_button_that_saves() -> None:
    assert Forms("<form id=a><button name=b></button><button name=c></button></form>").first == {"a": "b"}


def test_enter_in_the_decision_saves_a_draft_and_records_nothing(client):
    case = advised()
    officer = officer_with(case, client)
    assert Forms(client.get(page_of(case)).content.decode()).first["decision"] == "save"
    typed = {**GRANT, "reasons": "Concept, nog niet af.", "seen_version": "0"}
    # A script that presses nothing at all saves, too.
    assert client.post(page_of(case), typed).url == page_of(case)
    assert not Decision.objects.exists()
    draft = DecisionDraft.objects.get()
    assert (draft.amount, draft.reasons, draft.saved_by) == (
        Decimal("45000.00"),
        "Concept, nog niet af.",
        officer,
    )
    shown = client.get(page_of(case)).context["form"]
    assert (shown["reasons"].value(), shown["deviation"].value()) == (
        "Concept, nog niet af.",
        GRANT["deviation"],
    )


def test_the_check_shows_what_is_asked_advised_decided_and_left(client):
    case = advised(granted=40_000)
    officer_with(case, client)
    assert write(client, case).url == check_of(case)
    shown = page_text(client.get(check_of(case)))
    for words in (
        "€ 48.000,00",
        "Verlenen, ten hoogste € 40.000,00",
        "Verleend: ten hoogste € 45.000,00",
        "wijkt af van het advies",
        GRANT["deviation"],
        "Nu € 1.550.000,00, na dit besluit € 1.505.000,00",
    ):
        assert words.replace("\u00a0", " ") in shown.replace("\u00a0", " "), words
    assert not Decision.objects.exists()


def test_a_decision_is_not_recorded_on_another_advice_than_was_shown(client):
    case = advised()
    officer_with(case, client)
    write(client, case)
    shown = {"seen": str(version_of(case)), "advice": str(case.advice.pk + 1)}
    assert client.post(check_of(case), shown).url == check_of(case)
    assert not Decision.objects.exists()


def test_what_changed_since_it_was_shown_is_not_recorded(client):
    case = advised()
    officer_with(case, client)
    write(client, case)
    seen = version_of(case)
    write(client, case, amount="100")
    assert confirm(client, case, seen=seen).url == check_of(case)
    assert not Decision.objects.exists()
    for odd in ("", "x", "9" * 5000):
        assert client.post(check_of(case), {"seen": odd}).url == check_of(case)
    confirm(client, case)
    assert Decision.objects.get().amount == 100


def test_a_colleague_who_writes_in_the_same_draft_meets_a_newer_version(client):
    case = advised()
    officer_with(case, client)
    write(client, case, button="save")
    other = person(Role.OFFICER)
    open_to(case, other)
    log_in(client, other)
    answer = client.post(page_of(case), {**GRANT, "reasons": "Anders.", "seen_version": "0", "save": "1"})
    assert answer.status_code == 409
    assert "Anders." in answer.content.decode()
    assert DecisionDraft.objects.get().reasons == GRANT["reasons"]


def test_departing_from_the_advice_asks_why_at_its_field(client):
    """Rule 31."""
    case = advised(granted=40_000)
    officer_with(case, client)
    refused = record(client, case, deviation=" ")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["deviation"])
    record(client, case, amount="40.000", deviation="")
    assert Decision.objects.get().deviation == ""


def test_who_releases_sees_that_and_why_it_departs_from_the_advice(client):
    """Rule 31."""
    case = advised(outcome=Outcome.REJECTED)
    open_to(case, committee().officer)
    decide(case, deviation="De commissie zag de tweede begroting niet.")
    releaser = committee().releaser
    open_to(case, releaser)
    log_in(client, releaser)
    assert "wijkt af van het advies" in page_text(client.get(reverse("admin:letters")))
    shown = page_text(client.get(letter_of(case)))
    for words in (
        "De commissie adviseerde om af te wijzen.",
        "Met dit besluit wijken wij af van het advies van de commissie. De commissie adviseert de aanvraag af te wijzen.",
        "De commissie zag de tweede begroting niet.",
        "Het besluit wijkt af van dit advies. In de brief staat waarom.",
    ):
        assert words in shown, words


def test_a_decision_is_taken_back_on_a_page_that_asks_why(client):
    case = decided()
    log_in(client, committee().officer)
    address = reverse("admin:withdraw_decision", args=[case.reference])
    assert address in client.get(page_of(case)).content.decode()
    seen = str(case.decision.pk)
    refused = client.post(address, {"seen": seen, "reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert client.post(address, {"seen": "1" + seen, "reason": "Fout."}).url == address
    assert Decision.objects.exists()
    assert [client.post(address, {"seen": seen, "reason": "Fout."}).url for _click in range(2)] == [
        page_of(case)
    ] * 2
    assert WithdrawnDecision.objects.get().reason == "Fout."
    shown = client.get(page_of(case))
    assert shown.context["form"]["reasons"].value() == "Ik volg het advies van de commissie."
    assert "Reden: Fout." in page_text(shown)


@pytest.mark.parametrize("second", ["officer", "releaser"])
def test_who_comes_second_with_a_reason_reads_who_was_first(client, second) -> None:
    """Rule 32: nobody takes a reason for kept that is not."""
    case, people = decided(), committee()
    open_to(case, people.releaser)
    seen, actor = str(case.decision.pk), getattr(people, second)
    acts = {
        "officer": ("admin:withdraw_decision", withdraw_decision, people.officer),
        "releaser": ("admin:send_back_decision", send_back_decision, people.releaser),
    }
    name, _act, _person = acts[second]
    [(_name, act, first)] = [each for role, each in acts.items() if role != second]
    act(decision_id=case.decision.pk, reason="De eerste reden.", actor=first, at=AT)
    log_in(client, actor)
    answer = client.post(
        reverse(name, args=[case.reference]), {"seen": seen, "reason": "Mijn reden."}, follow=True
    )
    assert f"{first.full_name} was u net voor. De reden die u schreef, is niet bewaard." in page_text(answer)
    assert WithdrawnDecision.objects.get().reason == "De eerste reden."


def test_who_releases_what_was_taken_back_meanwhile_reads_so(client):
    """And 404, as before, of a decision that was never there or is closed."""
    case, people = decided(), committee()
    open_to(case, people.releaser)
    log_in(client, people.releaser)
    sent = {"seen": str(case.decision.pk), "letter": "x"}
    withdraw_decision(decision_id=case.decision.pk, reason="Fout.", actor=people.officer, at=AT)
    assert "Dit besluit is teruggenomen" in page_text(client.post(letter_of(case), sent, follow=True))
    assert client.post(letter_of(case), {**sent, "seen": "0"}).status_code == 404
    log_in(client, person(Role.RELEASER))
    assert client.post(letter_of(case), sent).status_code == 404


def test_a_decision_is_sent_back_on_a_page_that_asks_why(client):
    case = decided()
    releaser = committee().releaser
    open_to(case, releaser)
    log_in(client, releaser)
    address = reverse("admin:send_back_decision", args=[case.reference])
    assert address in client.get(letter_of(case)).content.decode()
    sent = {"seen": str(case.decision.pk), "reason": "De redenen ontbreken."}
    assert client.post(address, sent).url == reverse("admin:letters")
    assert WithdrawnDecision.objects.get().withdrawn_by == releaser
    assert client.post(address, sent).status_code == 404


@pytest.mark.parametrize(
    ("name", "role"), [("withdraw_decision", "officer"), ("send_back_decision", "releaser")]
)
def test_after_the_release_there_is_nothing_to_take_back(client, name: str, role: str):
    case = released()
    log_in(client, getattr(committee(), role))
    address = reverse(f"admin:{name}", args=[case.reference])
    for answer in (client.get(address), client.post(address, {"seen": "1", "reason": "Te laat."})):
        assert answer.status_code == 302
    assert Decision.objects.exists()


def test_a_letter_is_not_released_for_another_decision_than_was_read(client):
    case = decided()
    releaser = committee().releaser
    open_to(case, releaser)
    log_in(client, releaser)
    client.post(letter_of(case), {"seen": str(case.decision.pk + 1)})
    client.post(letter_of(case))
    assert not Letter.objects.exists()


def test_who_reviewed_is_told_that_a_colleague_decides(client):
    """Rule 14."""
    case: Any = advised()
    reviewer = case.assignments.order_by("pk")[0].reviewer
    reviewer.role_grants.create(role=Role.OFFICER, granted_at=AT)
    log_in(client, reviewer)
    assert "Daarom besluit een collega erover." in page_text(client.get(page_of(case)))
    assert write(client, case).status_code == 422
    assert client.get(check_of(case)).status_code == 404
