"""Pages of chair and deputy: advice and measures; positions elsewhere (rules 14, 16 and 18)."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.models import ReadingAccess
from hubportal.accounts.enums import Role
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.enums import AffiliationKind
from reviews.models import Affiliation, Assignment, CommitteeAdvice, InterestDeclaration
from reviews.ties import ties_of
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    assigned,
    committee,
    judged,
    open_to,
    reviewed,
    sealed,
    several_submitted,
)
from tests.pages import page_text
from tests.reviews.advising import GRANT, adopt, confirm, page_of, write

pytestmark = pytest.mark.django_db


def with_interest(case: Any, user: Any) -> InterestDeclaration:
    """Let somebody declare an interest."""
    return declare_interest(
        application_id=case.pk, has_interest=True, explanation="Oud-collega.", actor=user, at=AT
    )


@pytest.mark.parametrize("role", [Role.CHAIR, Role.DEPUTY])
def test_the_chair_fixes_the_advice_with_the_requested_amount_filled_in(client, role):
    case = reviewed(amount=48_000)
    chair = person(role)
    open_to(case, chair)
    log_in(client, chair)

    shown = client.get(page_of(case))
    assert 'value="48.000,00"' in shown.content.decode()
    assert (shown.context["result"].mean, shown.context["result"].reviews) == (Decimal("4.00"), 2)

    assert adopt(client, case).url == page_of(case)
    advice = CommitteeAdvice.objects.get()
    assert (advice.outcome, advice.amount, advice.text, advice.rank, advice.fixed_by) == (
        "granted",
        Decimal("45000.00"),
        "Een goed plan.",
        1,
        chair,
    )
    assert "Een goed plan." in client.get(page_of(case)).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "48.000,01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"text": ""}, "text"),
        ({"outcome": "misschien"}, "outcome"),
        ({"rank": "eerste"}, "rank"),
    ],
)
def test_a_bad_advice_is_refused_at_its_field_and_what_was_typed_stays(client, changes, field):
    case = reviewed(amount=48_000)
    chair = committee().chair
    open_to(case, chair)
    log_in(client, chair)
    typed = {**GRANT, **changes}
    refused = adopt(client, case, **changes)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert {name: refused.context["form"][name].value() for name in typed} == typed
    assert not CommitteeAdvice.objects.exists()


def test_the_advice_waits_for_all_reviews(client):
    case = assigned()
    chair = committee().chair
    open_to(case, chair)
    log_in(client, chair)
    shown = client.get(page_of(case))
    assert shown.context["can_fix"] is False
    write(client, case)
    assert confirm(client, case).url == page_of(case)
    assert not CommitteeAdvice.objects.exists()


def test_a_chair_who_reviews_too_sees_no_results_before_the_own_review_is_in(client):
    case, chair = reviewed(), committee().chair
    Assignment.objects.create(application=case, reviewer=chair, assigned_at=AT)
    open_to(case, chair)
    log_in(client, chair)
    shown = client.get(page_of(case))
    assert (shown.context["result"], list(shown.context["reviews"])) == (None, [])
    assert reverse("admin:review", args=[case.reference]) in shown.content.decode()
    (row,) = client.get(reverse("admin:advice_waiting")).context["rows"]
    assert row["result"] is None
    write(client, case)
    assert confirm(client, case).url == page_of(case)
    assert not CommitteeAdvice.objects.exists()

    judged(case.assignments.get(reviewer=chair), at=AT)
    assert client.get(page_of(case)).context["result"].reviews == 3
    assert adopt(client, case).url == page_of(case)
    assert CommitteeAdvice.objects.exists()


def test_a_second_click_is_harmless_and_a_second_chair_is_told_who_was_first(client):
    case = reviewed()
    people = committee()
    open_to(case, people.chair, people.deputy)
    log_in(client, people.chair)
    write(client, case)
    assert [confirm(client, case).url for _each in range(2)] == [page_of(case)] * 2

    log_in(client, people.deputy)
    late = write(client, case, text="Ik zie het anders.")
    shown = late.content.decode()
    assert late.status_code == 422
    assert people.chair.full_name in shown
    assert "Ik zie het anders." in shown
    assert CommitteeAdvice.objects.get().text == "Een goed plan."


def test_an_application_is_closed_to_a_chair_with_an_interest(client):
    case = reviewed()
    chair = committee().chair
    with_interest(case, chair)
    log_in(client, chair)
    assert client.get(page_of(case)).status_code == 404
    assert write(client, case).status_code == 404
    assert confirm(client, case).status_code == 404
    assert case.reference not in client.get(reverse("admin:advice_waiting")).content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICER, Role.RELEASER, Role.ADMINISTRATOR])
def test_pages_of_the_chair_do_not_exist_for_other_roles(client, role):
    case = reviewed()
    log_in(client, person(role))
    for address in (page_of(case), reverse("admin:advice_waiting"), reverse("admin:interests")):
        assert client.get(address).status_code == 404


def test_the_chair_opens_an_application_by_a_measure(client):
    case = sealed()
    officer = person(Role.OFFICER)
    declaration = with_interest(case, officer)
    log_in(client, committee().chair)
    address = reverse("admin:measure", args=[declaration.pk])
    assert case.title not in client.get(address).content.decode()

    assert client.post(address, {"measure": " "}).status_code == 422
    assert not ReadingAccess.objects.exists()
    assert client.post(address, {"measure": "Beslist niet mee."}).status_code == 302
    assert ReadingAccess.objects.get(application=case, user=officer).revoked_at is None
    assert client.get(address).status_code == 404


def test_only_the_deputy_measures_the_interest_of_the_chair(client):
    case = sealed()
    people = committee()
    of_chair = with_interest(case, people.chair)
    log_in(client, people.chair)
    assert client.get(reverse("admin:measure", args=[of_chair.pk])).status_code == 404
    log_in(client, people.deputy)
    assert client.get(reverse("admin:measure", args=[of_chair.pk])).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_advice_to_fix_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    chair = committee().chair
    for each in several_submitted(count):
        open_to(reviewed(each), chair)
    log_in(client, chair)
    with django_assert_num_queries(11):
        shown = client.get(reverse("admin:advice_waiting"))
    assert len(shown.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_interests_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    case = sealed()
    for _each in range(count):
        with_interest(case, person(Role.OFFICER))
    log_in(client, committee().chair)
    with django_assert_num_queries(10):
        shown = client.get(reverse("admin:interests"))
    assert len(shown.context["page"].object_list) == count


def test_people_note_their_own_positions_which_close_what_is_open(client):
    case = advised()
    officer = committee().officer
    open_to(case, officer)
    log_in(client, officer)
    position = {"kvk_number": case.lead.kvk_number, "name": case.lead.name, "kind": "employer", "record": "1"}
    assert client.post(reverse("admin:positions"), position).status_code == 302
    assert client.post(reverse("admin:positions"), position).status_code == 302
    assert Affiliation.objects.get().user == officer
    assert client.get(reverse("admin:decision", args=[case.reference])).status_code == 404


def test_what_is_typed_of_a_position_binds_nobody_before_it_was_checked(client):
    """Enter in a field records nothing, and the page says the same whatever the portal knows (rules 26 and 30)."""
    case, reviewer = sealed(), person(Role.REVIEWER)
    log_in(client, reviewer)
    shown = []
    for number in ("12345678", case.lead.kvk_number):
        typed = {"kvk_number": number, "name": "Zorg Zelf (fictief)", "kind": "board"}
        page = client.post(reverse("admin:positions"), typed)
        assert page.status_code == 200
        shown.append(page_text(page).replace(number, "number"))
        assert f'name="kvk_number" value="{number}"' in page.content.decode()
        back = client.post(reverse("admin:positions"), {**typed, "back": "1"})
        assert (back.status_code, back.context["checked"]) == (200, None)
        assert f'value="{number}"' in back.content.decode()
    assert shown[0] == shown[1]
    assert "Deze functie noteren?" in shown[0]
    assert not Affiliation.objects.exists()


def test_a_position_is_ended_by_an_administrator_and_not_by_who_holds_it(client):
    case, reviewer = sealed(), person(Role.REVIEWER)
    held = note_affiliation(
        user=reviewer, organisation=case.lead, kind=AffiliationKind.BOARD, actor=reviewer, at=AT
    )
    log_in(client, reviewer)
    assert f'value="{held.pk}"' not in client.get(reverse("admin:positions")).content.decode()
    assert client.post(reverse("admin:positions"), {"end": held.pk}).status_code == 422
    held.refresh_from_db()
    assert held.ended_at is None

    log_in(client, person(Role.ADMINISTRATOR))
    address = reverse("admin:positions_of", args=[reviewer.pk])
    for unknown in ("0", "een", "9" * 40, ""):
        assert client.post(address, {"end": unknown}).status_code == 404
    assert f'value="{held.pk}"' in client.get(address).content.decode()
    assert [client.post(address, {"end": held.pk}).status_code for _each in range(2)] == [302, 302]
    held.refresh_from_db()
    assert held.ended_at is not None
    assert ties_of(reviewer, case) == set()
    assert f'value="{held.pk}"' not in client.get(address).content.decode()


def test_a_position_at_an_unknown_organisation_is_kept_by_number_and_name(client):
    """The answer does not tell whether the portal knows the organisation (rules 26 and 29)."""
    case, reviewer = sealed(), person(Role.REVIEWER)
    log_in(client, reviewer)
    answers = []
    for number in ("12345678", case.lead.kvk_number):
        sent = {"kvk_number": number, "name": "Zorg Zelf (fictief)", "kind": "board", "record": "1"}
        answer = client.post(reverse("admin:positions"), sent, follow=True)
        answers.append(page_text(answer).replace(number, "number"))
    assert [(each.kvk_number, each.name) for each in Affiliation.objects.order_by("pk")] == [
        ("12345678", "Zorg Zelf (fictief)"),
        (case.lead.kvk_number, "Zorg Zelf (fictief)"),
    ]
    assert case.lead.name not in answers[1]
    refused = client.post(reverse("admin:positions"), {"kvk_number": "12345678", "kind": "board"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["name"])
    assert 'value="12345678"' in refused.content.decode()


def test_a_position_abroad_is_recorded_with_its_country(client):
    """The answer does not tell whether the portal knows an organisation of that name."""
    case, reviewer = sealed(), person(Role.REVIEWER)
    log_in(client, reviewer)
    told = []
    for name in ("Zorg Zelf (fictief)", case.lead.name):
        sent = {"name": name, "kvk_number": "", "kind": "board", "record": "1"}
        refused = client.post(reverse("admin:positions"), sent)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["kvk_number"])
        answer = client.post(reverse("admin:positions"), {**sent, "country": "België"}, follow=True)
        told.append(page_text(answer).replace(name, "naam"))
        assert f"{name} (België): " in page_text(answer)
        Affiliation.objects.all().delete()
    assert told[0] == told[1]


def test_administrators_note_anybodys_positions_and_others_do_not(client):
    case, reviewer = sealed(), person(Role.REVIEWER)
    address = reverse("admin:positions_of", args=[reviewer.pk])
    position = {"kvk_number": case.lead.kvk_number, "name": case.lead.name, "kind": "board", "record": "1"}
    log_in(client, person(Role.OFFICER))
    assert client.post(address, position).status_code == 404
    log_in(client, person(Role.ADMINISTRATOR))
    assert client.post(address, position).status_code == 302
    assert Affiliation.objects.get().user == reviewer


def test_advice_that_waits_behind_a_declaration_is_said_to_wait(client):
    waiting, unfinished = several_submitted(2)
    reviewed(waiting)
    assigned(unfinished)
    log_in(client, person(Role.CHAIR))
    shown = client.get(reverse("admin:advice_waiting"))
    assert (shown.context["undeclared"], shown.context["rows"]) == (1, [])
    assert reverse("admin:to_declare") in shown.content.decode()
    committee_panel = client.get(reverse("admin:index")).context["panels"][0]
    assert [(each.number, each.url) for each in committee_panel.waiting] == [(1, reverse("admin:to_declare"))]
