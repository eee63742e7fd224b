"""What binds in advising has a page of its own, and the form alone only saves a draft (rules 30 and 32)."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from calls.enums import Outcome
from hubportal.accounts.enums import Role
from hubportal.kernel.versions import NewerVersion
from reviews.domain.advice_drafts import as_typed, save_advice_draft
from reviews.domain.advising import fix_advice
from reviews.domain.asking_back import answer_withdrawal, ask_to_withdraw_review
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.domain.reviewing import complete_review, save_review
from reviews.models import AdviceDraft, CommitteeAdvice, WithdrawnAdvice
from tests.database import around_acts
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory
from tests.factories.scenarios import (
    advised,
    after_deadline,
    committee,
    decided,
    judged,
    judgements,
    open_to,
    reviewed,
    several_submitted,
)
from tests.pages import page_text
from tests.racing import held_open
from tests.reviews.advising import GRANT, adopt, check_of, confirm, page_of, shown_to, write

pytestmark = pytest.mark.django_db


def a_case(client):
    """Return a reviewed application, with its chair logged in."""
    case = reviewed()
    open_to(case, committee().chair)
    log_in(client, committee().chair)
    return case


def test_enter_in_the_advice_saves_a_draft_and_adopts_nothing(client):
    case = a_case(client)
    form = client.get(page_of(case)).content.decode().split('id="advice"')[1]
    assert 'name="save"' in form.split("<button")[1].split(">")[0]
    typed = {**GRANT, "text": "Concept, nog niet af.", "seen_version": "0"}
    assert client.post(page_of(case), typed).url == page_of(case)
    assert not CommitteeAdvice.objects.exists()
    draft = AdviceDraft.objects.get()
    assert (draft.amount, draft.text, draft.rank, draft.saved_by) == (
        Decimal("45000.00"),
        "Concept, nog niet af.",
        1,
        committee().chair,
    )
    assert client.get(page_of(case)).context["form"]["text"].value() == "Concept, nog niet af."


def test_a_half_written_advice_is_kept(client):
    case = a_case(client)
    assert write(client, case, button="save", outcome="", amount="", rank="").url == page_of(case)
    draft = AdviceDraft.objects.get()
    assert (draft.outcome, draft.amount, draft.text, draft.rank) == ("", None, "Een goed plan.", None)
    assert client.get(check_of(case)).context["refusal"] == "Kies een uitkomst."
    assert confirm(client, case).url == check_of(case)
    assert not CommitteeAdvice.objects.exists()


def test_the_check_shows_what_is_asked_and_advised(client):
    case = a_case(client)
    write(client, case)
    shown = page_text(client.get(check_of(case))).replace("\u00a0", " ")
    for words in ("€ 48.000,00", "Verlenen, ten hoogste € 45.000,00", "Een goed plan.", "4,00; 0,00"):
        assert words in shown, words


def another_text(case):
    draft = AdviceDraft.objects.get()
    save_advice_draft(
        application_id=case.pk,
        typed=replace(as_typed(draft), text="Anders."),
        seen_version=draft.version,
        actor=committee().chair,
        at=after_deadline(case, days=20),
    )


def other_scores(case):
    """A review is taken back, changed and handed in again; the reviewer and the number stay."""
    first = case.assignments.order_by("pk")[0]
    at = after_deadline(case, days=20)
    same = {"actor": first.reviewer, "at": at}
    asked = ask_to_withdraw_review(assignment_id=first.pk, reason="x", seen_version=1, **same)
    answer_withdrawal(request_id=asked.pk, is_allowed=True, answer="x", actor=committee().deputy, at=at)
    given = judgements(case, 1)
    save_review(assignment_id=first.pk, judgements=given, remark="", seen_version=2, **same)
    complete_review(assignment_id=first.pk, **same)


def another_reviewer(case):
    """An interest takes a review out, and another one with the same scores comes in."""
    first = case.assignments.order_by("pk")[0]
    at = after_deadline(case, days=20)
    declare_interest(application_id=case.pk, has_interest=True, explanation="x", actor=first.reviewer, at=at)
    third = person(Role.REVIEWER)
    assign_reviewers(round_id=case.review_round_id, at=at)
    open_to(case, third, at=at)
    judged(case.assignments.get(reviewer=third), at=at)


def a_request(case):
    first = case.assignments.order_by("pk")[0]
    ask_to_withdraw_review(
        assignment_id=first.pk,
        reason="x",
        seen_version=1,
        actor=first.reviewer,
        at=after_deadline(case, days=20),
    )


def a_tie(case):
    RepresentativeFactory.create(organisation=case.lead, user=case.assignments.order_by("pk")[0].reviewer)


@pytest.mark.parametrize("change", [another_text, other_scores, another_reviewer, a_request, a_tie])
def test_what_changed_since_it_was_shown_is_not_adopted(client, change):
    case = a_case(client)
    open_to(case, committee().deputy)
    write(client, case)
    seen = shown_to(client, case)
    change(case)
    assert confirm(client, case, seen=seen).url == check_of(case)
    assert not CommitteeAdvice.objects.exists()
    assert shown_to(client, case) not in {seen, ""}
    assert confirm(client, case).url == page_of(case)
    assert CommitteeAdvice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_it_is_adopted_is_compared_under_the_lock(client):
    case = a_case(client)
    write(client, case)
    draft, seen = AdviceDraft.objects.get(), shown_to(client, case)

    def adopt_it():
        return fix_advice(
            application_id=case.pk,
            outcome="granted",
            amount=draft.amount,
            text=draft.text,
            rank=draft.rank,
            seen=seen,
            actor=committee().chair,
            at=after_deadline(case, days=21),
        )

    with held_open(lambda: another_text(case)) as meanwhile:
        adopting = meanwhile(adopt_it)
        assert adopting.waits()
    with pytest.raises(NewerVersion):
        adopting.result()
    assert not CommitteeAdvice.objects.exists()


def test_the_deputy_who_writes_in_the_same_draft_meets_a_newer_version(client):
    case = a_case(client)
    write(client, case, button="save")
    deputy = committee().deputy
    open_to(case, deputy)
    log_in(client, deputy)
    answer = client.post(page_of(case), {**GRANT, "text": "Anders.", "seen_version": "0", "save": "1"})
    assert answer.status_code == 409
    assert "Anders." in answer.content.decode()
    assert AdviceDraft.objects.get().text == "Een goed plan."


def test_a_place_in_the_ranking_that_is_taken_is_said_at_its_field(client):
    one, other = (reviewed(each) for each in several_submitted(2))
    open_to(one, committee().chair)
    open_to(other, committee().chair)
    log_in(client, committee().chair)
    adopt(client, one)
    refused = write(client, other)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["rank"])
    assert one.reference not in refused.context["form"].errors["rank"][0]


def test_the_advice_is_taken_back_on_a_page_that_asks_why(client):
    case = advised()
    log_in(client, committee().chair)
    address = reverse("admin:withdraw_advice", args=[case.reference])
    assert address in client.get(page_of(case)).content.decode()
    seen = str(case.advice.pk)
    refused = client.post(address, {"seen": seen, "reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    other = client.post(address, {"seen": "1" + seen, "reason": "Fout."})
    assert other.status_code == 422
    assert [other.context["form"][each].value() for each in ("reason", "seen")] == ["Fout.", seen]
    assert CommitteeAdvice.objects.exists()
    sent = {"seen": seen, "reason": "Niet besproken."}
    assert [client.post(address, sent).url for _click in range(2)] == [page_of(case)] * 2
    assert WithdrawnAdvice.objects.get().reason == "Niet besproken."
    shown = client.get(page_of(case))
    assert shown.context["form"]["text"].value() == WithdrawnAdvice.objects.get().text
    assert "Reden: Niet besproken." in page_text(shown)


def test_once_there_is_a_decision_the_advice_is_not_taken_back(client):
    case = decided()
    log_in(client, committee().chair)
    address = reverse("admin:withdraw_advice", args=[case.reference])
    assert address not in client.get(page_of(case)).content.decode()
    assert client.post(address, {"seen": str(case.advice.pk), "reason": "Fout."}).url == page_of(case)
    assert CommitteeAdvice.objects.exists()


@pytest.mark.parametrize("declares", [True, False])
def test_trying_places_in_the_ranking_tells_nothing_of_what_is_closed(client, declares):
    """Rules 14 and 26: what became of it, and on which place, changes no answer."""
    closed, opened = (reviewed(each) for each in several_submitted(2))
    chair, deputy = committee().chair, committee().deputy
    open_to(closed, chair)
    open_to(opened, chair)
    open_to(opened, deputy)
    if declares:
        declare_interest(application_id=closed.pk, has_interest=True, explanation="x", actor=deputy, at=AT)
    log_in(client, deputy)

    def tried() -> list[str]:
        answers = [write(client, opened, rank=rank) for rank in ("1", "2")]
        assert [list(each.context["form"].errors) for each in answers] == [["rank"], ["rank"]]
        save = write(client, opened, button="save", rank="2")
        answers += [save, client.get(check_of(opened)), confirm(client, opened), client.get(check_of(opened))]
        assert not CommitteeAdvice.objects.filter(application=opened).exists()
        return [re.sub(r"\d\d:\d\d", "", page_text(each)) for each in answers]

    with around_acts():
        before = tried()
        transaction.set_rollback(True)
    fix_advice(
        application_id=closed.pk,
        outcome=Outcome.GRANTED,
        amount=Decimal(40_000),
        text="Goed.",
        rank=2,
        actor=chair,
        at=after_deadline(closed, days=20),
    )
    assert tried() == before
    assert adopt(client, opened, rank="").url == page_of(opened)
    assert CommitteeAdvice.objects.get(application=opened).rank is None
