"""Pages of officer and releaser: decisions within the ceiling, letters by a second person (rules 18 to 20)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from calls.enums import Outcome
from calls.models import Call
from decisions.domain.letter_facts import matter_of
from decisions.models import Decision
from hubportal.accounts.enums import Role
from hubportal.kernel import clock
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.domain.composing import compose, text_for
from letters.models import Letter
from reviews.domain.interests import declare_interest
from tests.decisions.deciding import check_of, confirm, page_of, record, write
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT, moment
from tests.factories.scenarios import (
    advised,
    committee,
    decided,
    open_to,
    produced,
    released,
    reviewed,
    several_submitted,
)

pytestmark = pytest.mark.django_db


def letter_of(case: Any) -> str:
    """Return the address of a letter."""
    return reverse("admin:letter", args=[case.reference])


def officer_with(case: Any, client: Any) -> Any:
    """Log in an officer to whom an application is open."""
    officer = committee().officer
    open_to(case, officer)
    log_in(client, officer)
    return officer


def test_an_officer_records_a_decision_with_the_advice_filled_in(client):
    case = advised(granted=45_000)
    officer = officer_with(case, client)
    shown = client.get(page_of(case))
    assert 'value="45.000,00"' in shown.content.decode()
    assert shown.context["budget"].left == Decimal("1550000.00")

    assert record(client, case).status_code == 302
    decision = Decision.objects.get()
    assert (decision.amount, decision.outcome, decision.recorded_by) == (
        Decimal("45000.00"),
        "granted",
        officer,
    )
    assert client.get(page_of(case)).context["budget"].left == Decimal("1505000.00")


def test_a_decision_over_the_ceiling_is_refused_and_typed_values_stay(client):
    case = advised()
    Call.objects.filter(pk=case.call.pk).update(granted_total=Decimal("1510000.00"))
    officer_with(case, client)
    write(client, case)
    assert confirm(client, case).url == check_of(case)
    assert "€\u00a040.000,00" in client.get(check_of(case)).content.decode()
    shown = client.get(page_of(case))
    assert 'value="45.000,00"' in shown.content.decode()
    assert "Ik volg het advies." in shown.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "48.000,01"}, "amount"),
        ({"amount": "vijf"}, "amount"),
        ({"reasons": ""}, "reasons"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_a_bad_decision_is_refused_at_its_field(client, changes, field):
    case = advised()
    officer_with(case, client)
    refused = record(client, case, **changes)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert not Decision.objects.exists()


def test_no_grant_without_both_signatures(client):
    case = advised(signed=False)
    officer_with(case, client)
    assert record(client, case).status_code == 422
    assert not Decision.objects.exists()
    ground = case.call.rejection_grounds.get(key="voorwaarde").pk
    record(client, case, outcome="rejected", amount="", reasons="Niet ondertekend.", ground=ground)
    assert Decision.objects.get().outcome == "rejected"


def test_a_second_click_is_harmless_and_a_second_officer_is_told(client):
    case = advised()
    officer = officer_with(case, client)
    write(client, case)
    assert [confirm(client, case).url for _each in range(2)] == [page_of(case)] * 2
    assert Decision.objects.get().recorded_by == officer

    other = person(Role.OFFICER)
    open_to(case, other)
    log_in(client, other)
    late = write(client, case, reasons="Ik besluit anders.")
    assert late.status_code == 422
    shown = late.content.decode()
    assert officer.full_name in shown
    assert "Ik besluit anders." in shown
    assert Decision.objects.get().reasons == "Ik volg het advies."


def test_there_is_no_decision_before_the_advice(client):
    case = reviewed()
    officer_with(case, client)
    assert record(client, case).status_code == 422
    assert not Decision.objects.exists()


def test_an_officer_declares_interests_first_and_an_interest_closes(client):
    case = advised()
    officer = person(Role.OFFICER)
    log_in(client, officer)
    refused = client.get(page_of(case))
    assert refused.url.startswith(reverse("admin:declare", args=[case.reference]))
    assert write(client, case).status_code == 302
    assert not Decision.objects.exists()

    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Oud-bestuurder.", actor=officer, at=AT
    )
    assert client.get(page_of(case)).status_code == 404
    assert write(client, case).status_code == 404
    assert confirm(client, case).status_code == 404
    assert case.reference not in client.get(reverse("admin:decisions_waiting")).content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.RELEASER, Role.ADMINISTRATOR])
def test_decisions_do_not_exist_for_other_roles(client, role):
    case = advised()
    log_in(client, person(role))
    assert client.get(page_of(case)).status_code == 404
    assert client.get(reverse("admin:decisions_waiting")).status_code == 404


def test_the_preview_shows_exactly_the_words_of_the_letter(client):
    case = decided()
    releaser = committee().releaser
    open_to(case, releaser)
    log_in(client, releaser)
    shown = client.get(letter_of(case))
    matter = matter_of(case.decision)
    words = compose(matter, text_for(matter, on=AT.date()), on=AT.date())
    assert shown.context["content"]["sections"][:5] == words["sections"][:5]
    assert shown.context["content"]["annex"] == words["annex"]
    page = shown.content.decode()
    assert "[datum van verzending]" in page
    assert "uiterlijk op [laatste dag om bezwaar te maken] hebben ontvangen" in page
    assert "{" + "objection_deadline" not in page
    # Releasing is a check: who has the mandate signs.
    assert case.call.mandated.get().name in page


def test_the_preview_tells_until_when_one_can_apply_again_as_it_is_now(client):
    case = decided(outcome=Outcome.REJECTED)
    open_to(case, committee().releaser)
    clock.move_with(lambda: moment("2024-09-24T13:59") - datetime.now(UTC))
    log_in(client, committee().releaser)
    assert (
        "vóór 24 september 2024, 14.00 uur opnieuw aanvragen" in client.get(letter_of(case)).content.decode()
    )
    clock.move_with(lambda: moment("2024-09-24T14:01") - datetime.now(UTC))
    assert "Er komt in deze oproep geen nieuwe ronde." in client.get(letter_of(case)).content.decode()


def test_a_letter_is_released_by_somebody_else_once(client):
    case = decided()
    people = committee()
    open_to(case, people.releaser)
    log_in(client, people.releaser)
    shown = client.get(letter_of(case)).context["fingerprint"]
    case.call.mandated.update(function="directeur")
    sent = {"seen": str(case.decision.pk), "letter": shown}
    assert client.post(letter_of(case), sent).url == letter_of(case)
    assert not Letter.objects.exists()
    sent["letter"] = client.get(letter_of(case)).context["fingerprint"]
    assert [client.post(letter_of(case), sent).status_code for _each in range(2)] == [302, 302]
    letter = Letter.objects.get()
    assert (letter.released_by, letter.recorded_by) == (people.releaser, people.officer)
    assert "Release this letter" not in client.get(letter_of(case)).content.decode()


def test_who_recorded_a_decision_does_not_release_its_letter(client):
    case = decided()
    officer = case.decision.recorded_by
    officer.role_grants.create(role=Role.RELEASER, granted_at=AT)
    log_in(client, officer)
    assert client.get(letter_of(case)).context["may_release"] is False
    client.post(letter_of(case), {"seen": str(case.decision.pk)})
    assert not Letter.objects.exists()


def test_an_officer_sees_the_letter_but_does_not_release_it(client):
    case = decided()
    officer = person(Role.OFFICER)
    open_to(case, officer)
    log_in(client, officer)
    assert client.get(letter_of(case)).status_code == 200
    client.post(letter_of(case), {"seen": str(case.decision.pk)})
    assert not Letter.objects.exists()


def test_a_letter_is_closed_to_a_releaser_with_an_interest(client):
    case = produced()
    releaser = person(Role.RELEASER)
    declare_interest(application_id=case.pk, has_interest=True, explanation="Familie.", actor=releaser, at=AT)
    log_in(client, releaser)
    for name in ("admin:letter", "admin:letter_pdf"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 404
    assert client.post(letter_of(case), {"seen": str(case.decision.pk)}).status_code == 404
    assert case.reference not in client.get(reverse("admin:letters")).content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.DEPUTY, Role.ADMINISTRATOR])
def test_letters_do_not_exist_for_other_roles(client, role):
    case = produced()
    log_in(client, person(role))
    assert client.get(reverse("admin:letters")).status_code == 404
    for name in ("admin:letter", "admin:letter_pdf"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 404


def test_a_made_letter_is_sent_as_a_download(client):
    case = produced()
    log_in(client, committee().officer)
    sent = client.get(reverse("admin:letter_pdf", args=[case.reference]))
    document = case.decision.letter.document
    with default_storage.open(document.stored_as) as stored:
        assert sent.content == stored.read()
    assert sent["Content-Disposition"] == f'attachment; filename="besluit-{case.reference}.pdf"'


def test_letters_are_listed_by_how_far_they_are(client):
    waiting, made, troubled = several_submitted(3)
    decided(waiting)
    produced(made)
    produced(troubled)
    OutgoingMail.objects.filter(pk=troubled.decision.letter.mail_id).update(status=MailStatus.FAILED)
    log_in(client, committee().officer)
    address = reverse("admin:letters")
    states = {each["decision"].application.pk: each["state"] for each in client.get(address).context["rows"]}
    assert states == {waiting.pk: "waiting", made.pk: "made", troubled.pk: "trouble"}
    for case, state in ((waiting, "waiting"), (made, "made"), (troubled, "trouble")):
        rows = client.get(address, {"staat": state}).context["rows"]
        assert [each["decision"].application.pk for each in rows] == [case.pk]
    assert client.get(address, {"staat": "sent"}).context["rows"] == []
    assert client.get(address, {"staat": "onzin"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_letters_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    for each in several_submitted(count):
        produced(each)
    log_in(client, committee().officer)
    with django_assert_num_queries(8):
        shown = client.get(reverse("admin:letters"))
    assert len(shown.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_decisions_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    officer = committee().officer
    for each in several_submitted(count):
        open_to(advised(each), officer)
    log_in(client, officer)
    with django_assert_num_queries(9):
        shown = client.get(reverse("admin:decisions_waiting"))
    assert len(shown.context["page"].object_list) == count


@pytest.mark.parametrize(
    ("role", "queries"), [(Role.REVIEWER, 5), (Role.CHAIR, 12), (Role.OFFICER, 31), (Role.RELEASER, 7)]
)
def test_the_first_page_tells_what_waits(client, django_assert_num_queries, role, queries):
    cases = several_submitted(3)
    reviewed(cases[0])
    advised(cases[1])
    released(cases[2])
    log_in(client, person(role))
    with django_assert_num_queries(queries):
        shown = client.get(reverse("admin:index"))
    assert shown.status_code == 200
    assert len(shown.context["panels"]) >= 1


def figures(client: Any) -> dict[str, int]:
    """Return what the first page says that waits, by where it leads."""
    panels = client.get(reverse("admin:index")).context["panels"]
    return {each.url: each.number for panel in panels[:1] for each in panel.waiting}


def test_work_that_waits_behind_a_declaration_is_said_to_wait(client):
    first, *others = several_submitted(3)
    decided(first)
    for each in others:
        advised(each)
    for role, page, number in (
        (Role.OFFICER, "admin:decisions_waiting", 2),
        (Role.RELEASER, "admin:letters", 1),
    ):
        user = person(role)
        log_in(client, user)
        shown = client.get(reverse(page))
        assert (shown.context["undeclared"], len(shown.context["page"].object_list)) == (number, 0)
        assert reverse("admin:to_declare") in shown.content.decode()
        assert figures(client) == {reverse("admin:to_declare"): number}


def test_nothing_is_said_to_wait_behind_a_declaration_once_it_is_made(client):
    case = advised()
    officer = person(Role.OFFICER)
    log_in(client, officer)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Oud-collega.", actor=officer, at=AT
    )
    shown = client.get(reverse("admin:decisions_waiting"))
    assert (shown.context["undeclared"], len(shown.context["page"].object_list)) == (0, 0)
    assert figures(client) == {}


def test_the_release_stands_below_the_words_of_the_letter(client):
    case = decided()
    releaser = person(Role.RELEASER)
    open_to(case, releaser)
    log_in(client, releaser)
    shown = client.get(reverse("admin:letter", args=[case.reference])).content.decode()
    assert shown.index('href="#release"') < shown.index("Geachte") < shown.index('id="release"')
