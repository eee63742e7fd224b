"""The pages of people themselves, without an account: following a link changes nothing (rules 22, 23; GDPR art. 7, 13, 15)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from people.domain.keeping import PersonFacts, Reach, change_person
from people.domain.reminding import remind_person
from people.domain.talks import TalkFacts, add_talk
from people.enums import LinkUse
from people.models import ErasureReceipt, MappedPerson
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.people import agreed_person, reminded_person, secret_for, waiting_person
from tests.pages import at_moment, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

PAGES = {LinkUse.ANSWER: "people:answer", LinkUse.PROLONG: "people:prolong", LinkUse.LASTING: "people:kept"}


def address(somebody: MappedPerson, use: LinkUse) -> str:
    return reverse(PAGES[use], args=[secret_for(somebody, use)])


def seen_on(client: Client, where: str) -> str:
    return str(client.get(where).context["form"].initial["seen"])


def every_row() -> dict[str, list[object]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for name in ("people", "mail", "audit")
        for model in apps.get_app_config(name).get_models()
    }


def test_following_a_link_changes_nothing(client: Client, region: Region, kwartiermaker: User) -> None:
    waiting, agreed = waiting_person(region, kwartiermaker), agreed_person(region, kwartiermaker)
    reminded = reminded_person(region, kwartiermaker, now=AT)
    links = [
        *(address(waiting, LinkUse.ANSWER), address(agreed, LinkUse.LASTING)),
        *(address(reminded, LinkUse.PROLONG), address(reminded, LinkUse.LASTING)),
    ]
    before = every_row()
    for each in links:
        for ask in (client.get, client.head):
            assert ask(each).status_code == 200
    assert every_row() == before


def test_who_is_asked_reads_what_is_kept_what_for_until_when_and_from_whom_we_have_it(
    client, region, kwartiermaker
) -> None:
    somebody = waiting_person(region, kwartiermaker, phone="010 555 12 34")
    response = client.get(address(somebody, LinkUse.ANSWER))
    text = page_text(response)
    for each in (
        *(somebody.name, somebody.email, somebody.phone, region.name, kwartiermaker.email),
        *("nergens anders voor", "Tot en met 1 mei 2026", "Autoriteit Persoonsgegevens", "altijd intrekken"),
    ):
        assert each in text
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store, private",
        "noindex",
        "strict-origin",
    )


def test_who_agrees_reads_on_and_the_link_is_used(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    where = address(somebody, LinkUse.ANSWER)
    empty = client.post(where, {"seen": seen_on(client, where)})
    assert (empty.status_code, "Kies ja of nee." in page_text(empty)) == (422, True)
    typed = {"answer": "agree", "seen": seen_on(client, where)}
    assert "tot en met 1 mei 2026" in page_text(client.post(where, typed))
    again = client.post(where, typed)
    assert (again.status_code, client.get(where).status_code, somebody.consents.count()) == (410, 410, 1)
    for each in (again, client.get(where)):
        assert "U hebt al geantwoord" in page_text(each)
        assert "Deze link werkt niet" not in page_text(each)


def test_who_says_no_in_an_old_window_after_a_yes_reads_that_it_does_not_count(
    client, region, kwartiermaker
) -> None:
    """Rule 32."""
    somebody = waiting_person(region, kwartiermaker)
    where = address(somebody, LinkUse.ANSWER)
    client.post(where, {"answer": "agree", "seen": seen_on(client, where)})
    told = page_text(client.post(where, {"answer": "decline"}))
    assert "U zei eerder ja. Daarom is dit “nee” niet bewaard." in told
    assert MappedPerson.objects.count() == 1


def test_their_own_page_speaks_to_them(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    text = page_text(client.get(address(somebody, LinkUse.LASTING)))
    assert ("Voor wie u spreekt uzelf" in text, "zichzelf" in text) == (True, False)


def test_who_agrees_to_what_changed_reads_again(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    where = address(somebody, LinkUse.ANSWER)
    seen = seen_on(client, where)
    MappedPerson.objects.update(name="Iemand anders (fictief)")
    response = client.post(where, {"answer": "agree", "seen": seen})
    assert (response.status_code, "Iemand anders" in page_text(response)) == (422, True)
    assert not somebody.consents.exists()


def test_who_declines_is_erased_and_gets_the_receipt(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    where = address(somebody, LinkUse.ANSWER)
    text = page_text(client.post(where, {"answer": "decline"}, follow=True))
    receipt = ErasureReceipt.objects.get()
    assert (receipt.code in text, somebody.name in text, MappedPerson.objects.count()) == (True, False, 0)
    assert client.get(where).status_code == 404


def test_a_link_of_an_erased_person_answers_as_one_that_never_was(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    where = address(somebody, LinkUse.LASTING)
    client.post(where, {"is_sure": "on"})
    unknown = reverse("people:kept", args=["x" * 43])
    assert page_text(client.get(where)) == page_text(client.get(unknown))


def test_who_agreed_reads_everything_that_is_kept_and_withdraws_as_easily(
    client, region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, somebody.email, "010 555 12 34"),
        facts=PersonFacts("Weet veel.", "wonen", "jongeren"),
        seen_version=1,
        actor=kwartiermaker,
        at=AT,
    )
    add_talk(person_id=somebody.pk, facts=TalkFacts(AT.date(), "Zei iets."), actor=kwartiermaker, at=AT)
    where = address(somebody, LinkUse.LASTING)
    text = page_text(client.get(where))
    for each in (
        somebody.name,
        somebody.email,
        "010 555 12 34",
        "Weet veel.",
        "wonen",
        "jongeren",
        "Zei iets.",
    ):
        assert each in text
    assert client.post(where, {}).status_code == 422
    assert "Gewist" in page_text(client.post(where, {"is_sure": "on"}, follow=True))
    assert not MappedPerson.objects.exists()


def test_an_address_of_before_learns_nothing_and_can_still_withdraw(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    where = address(somebody, LinkUse.LASTING)
    change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, "ander@burger.example"),
        seen_version=1,
        actor=kwartiermaker,
        at=AT,
    )
    text = page_text(client.get(where))
    assert [each in text for each in (somebody.name, "ander@burger.example", somebody.email)] == [False] * 3
    client.post(where, {"is_sure": "on"})
    assert not MappedPerson.objects.exists()


def test_who_prolongs_is_kept_two_years_more(client, region, kwartiermaker) -> None:
    somebody = reminded_person(region, kwartiermaker, now=AT)
    where = address(somebody, LinkUse.PROLONG)
    assert "langer bewaren" in page_text(client.get(where))
    response = client.post(where, {"answer": "agree", "seen": seen_on(client, where)})
    assert "tot en met 1 mei 2026" in page_text(response)
    assert OutgoingMail.objects.filter(kind="person_prolonged").count() == 1


def test_a_reminder_at_an_address_of_before_shows_and_prolongs_nothing_and_the_new_one_is_reminded(
    client, region, kwartiermaker
) -> None:
    somebody = reminded_person(region, kwartiermaker, now=AT)
    where = address(somebody, LinkUse.PROLONG)
    seen = seen_on(client, where)
    moved = change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, "ander@burger.example"),
        seen_version=1,
        actor=kwartiermaker,
        at=AT,
    )
    for response in (client.get(where), client.post(where, {"answer": "agree", "seen": seen})):
        assert (response.status_code, somebody.name in page_text(response)) == (410, False)
    assert remind_person(person_id=moved.pk, at=AT)
    reminder = OutgoingMail.objects.filter(kind="person_ends").latest("pk")
    new = address(moved, LinkUse.PROLONG)
    assert (reminder.recipient, client.get(new).status_code) == ("ander@burger.example", 200)


@pytest.mark.parametrize("use", [LinkUse.ANSWER, LinkUse.PROLONG])
def test_a_link_that_asks_is_dead_at_any_other_address_than_that_of_the_person(
    client, region, kwartiermaker, use: LinkUse
) -> None:
    somebody = (
        waiting_person(region, kwartiermaker)
        if use == LinkUse.ANSWER
        else reminded_person(region, kwartiermaker, now=AT)
    )
    where = address(somebody, use)
    seen = seen_on(client, where)
    MappedPerson.objects.update(email="ander@burger.example")
    for response in (
        client.get(where),
        *(client.post(where, {"answer": each, "seen": seen}) for each in ("agree", "decline")),
    ):
        assert (response.status_code, "op een ander adres" in page_text(response)) == (410, True)
    assert MappedPerson.objects.count() == 1


def test_after_the_end_nothing_is_shown_though_it_is_not_erased_yet(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    with at_moment(somebody.kept_until + timedelta(minutes=1)):
        response = client.get(address(somebody, LinkUse.LASTING))
    assert (response.status_code, somebody.name in page_text(response)) == (410, False)


def test_who_no_longer_maps_the_region_is_not_named_to_ask(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    kwartiermaker.role_grants.all().delete()
    text = page_text(client.get(address(somebody, LinkUse.ANSWER)))
    assert (kwartiermaker.email in text, "Neem contact op met het programmabureau" in text) == (False, True)


def test_a_code_that_is_no_receipt_is_not_known(client) -> None:
    assert client.get(reverse("people:receipt", args=["abc"])).status_code == 404
