"""What binds in advising has a page of its own, and the form alone only saves a draft (rules 30 and 32)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from reviews.models import AdviceDraft, CommitteeAdvice, WithdrawnAdvice
from tests.factories.accounts import log_in
from tests.factories.scenarios import advised, committee, decided, open_to, reviewed, several_submitted
from tests.pages import page_text
from tests.reviews.advising import GRANT, adopt, check_of, confirm, page_of, version_of, write

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


def test_what_changed_since_it_was_shown_is_not_adopted(client):
    case = a_case(client)
    write(client, case)
    seen = version_of(case)
    write(client, case, amount="1")
    assert confirm(client, case, seen=seen).url == check_of(case)
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
    assert client.post(address, {"seen": "1" + seen, "reason": "Fout."}).url == page_of(case)
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
