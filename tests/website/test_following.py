"""Following a region by e-mail: confirmed first, told at most weekly of what is public, stopped with one click (rules 22, 23 and 26)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core import mail as sent_mails
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from hubportal.office.queries import mails_open_to
from hubportal.visitors import BY_CONNECTION
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.questions import QuestionFacts, save_question
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from retention.models import RetentionPeriod
from tests.factories.accounts import person
from tests.factories.following import followed, follower_period
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.pages import at_moment, page_text
from tests.refusals import refused_by
from website.domain.following import (
    MOST_BY_ONE_MAILBOX,
    MOST_IN_A_DAY,
    ask_to_follow,
    confirm_following,
    end_following,
    stop_following,
)
from website.domain.telling import tell_news
from website.following_queries import DAYS_TO_CONFIRM, mark_of, regions_to_tell_of
from website.models import RegionFollower, RegionNews
from website.tasks import ENDING, TELLING
from website.views.following import MOST_BY_ONE_NETWORK

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
ADDRESS = "vera@burger.example"


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    cache.clear()
    with at_moment(AT):
        yield


@pytest.fixture
def region() -> Region:
    follower_period()
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def public(region: Region, mapper: User, name: str, *, at: object = AT) -> Organisation:
    row = add_to_map(facts=OrganisationFacts(name), region=region, actor=mapper, at=at)  # type: ignore[arg-type]
    return publish_organisation(organisation_id=row.pk, actor=mapper, at=at)  # type: ignore[arg-type]


def following(region: Region, email: str = ADDRESS, *, at: object = AT) -> RegionFollower:
    return followed(region, email=email, at=at)  # type: ignore[arg-type]


def news_mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="follow_news").order_by("pk"))


def test_nothing_is_mailed_before_it_was_confirmed_and_asking_tells_nothing(client: Client, region) -> None:
    page = reverse("website:follow", args=[region.slug])
    first = client.post(page, {"email": ADDRESS})
    [asked] = RegionFollower.objects.all()
    assert not regions_to_tell_of(at=AT + WEEK).exists()
    [secret] = re.findall(r"/volgen/bevestigen/([\w-]+)/", OutgoingMail.objects.get().body)
    confirm = reverse("website:confirm_following", args=[secret])
    assert "Wilt u deze regio volgen?" in page_text(client.get(confirm))
    assert RegionFollower.objects.get().confirmed_at is None
    for _click in range(2):
        assert "U volgt deze regio" in page_text(client.post(confirm))
    assert RegionFollower.objects.get(confirmed_at__isnull=False) == asked
    # Once more, by who follows already: the same answer, and the same mail.
    again = client.post(page, {"email": ADDRESS})
    assert page_text(again) == page_text(first)
    assert [each.kind for each in OutgoingMail.objects.all()] == ["follow_confirm"] * 2


def test_the_page_says_how_long_the_address_is_kept_before_it_is_given(client: Client, region) -> None:
    page = reverse("website:follow", args=[region.slug])
    said = "U volgt de regio tot u stopt, en hoogstens 700 dagen"
    assert said in page_text(client.get(page))
    RetentionPeriod.objects.all().delete()
    assert "en hoogstens" not in page_text(client.get(page))


def test_following_anew_replaces_what_was_before(region) -> None:
    first = following(region)
    second = following(region, "VERA+hub@burger.example", at=AT + timedelta(hours=1))
    assert list(RegionFollower.objects.all()) == [second]
    assert first.pk != second.pk
    with refused_by("region_follower_once_per_mailbox"):
        RegionFollower.objects.create(
            region=region, email=ADDRESS, mailbox=second.mailbox, confirm_digest="b" * 64, asked_at=AT,
            confirmed_at=AT, told_at=AT, kept_until=AT,
        )  # fmt: skip


def test_a_mailbox_that_was_mailed_too_often_gets_no_more_and_nobody_is_told(client: Client, region) -> None:
    page = reverse("website:follow", args=[region.slug])
    answers = set()
    for turn in range(MOST_BY_ONE_MAILBOX + 1):
        with at_moment(AT + timedelta(hours=turn)):
            answers.add(page_text(client.post(page, {"email": ADDRESS})))
    assert (len(answers), OutgoingMail.objects.count()) == (1, MOST_BY_ONE_MAILBOX)
    # A second click is the same.
    assert ask_to_follow(region=RegionFactory.create(), email="ander@burger.example", at=AT)
    other = RegionFactory.create()
    both = [ask_to_follow(region=other, email="weer@burger.example", at=AT) for _click in range(2)]
    assert both[0] == both[1]


def test_only_what_became_public_since_is_told_and_at_most_weekly(region, mapper) -> None:
    public(region, mapper, "Er al lang (fictief)")
    following(region)
    add_to_map(facts=OrganisationFacts("Niet openbaar (fictief)"), region=region, actor=mapper, at=AT)
    new = public(region, mapper, "Pas openbaar (fictief)", at=AT + timedelta(days=1))
    save_question(
        region=region, title="Vervoer naar zorg?", description="", municipality=None, forms={},
        more=QuestionFacts(is_public=True), actor=mapper, at=AT + timedelta(days=1),
    )  # fmt: skip
    soon = AT + WEEK - timedelta(seconds=1)
    assert not tell_news(region_id=region.pk, at=soon)
    assert list(TELLING.due(AT + WEEK)) == [region]
    assert [tell_news(region_id=region.pk, at=AT + WEEK) for _turn in range(2)] == [True, False]
    [mail] = news_mails()
    named = [name for name in ("Er al", "Niet openbaar", "Pas openbaar", "Vervoer") if name in mail.body]
    assert (named, mail.recipient) == (["Pas openbaar", "Vervoer"], ADDRESS)
    # Nothing new: no mail. What is public no more is forgotten.
    withdraw_publication(organisation_id=new.pk, actor=mapper, at=AT + WEEK)
    assert tell_news(region_id=region.pk, at=AT + 2 * WEEK)
    assert len(news_mails()) == 1
    assert not RegionNews.objects.filter(key__contains="pas-openbaar").exists()


def test_who_began_later_is_told_of_what_is_new_to_them(region, mapper) -> None:
    following(region)
    public(region, mapper, "Eerder (fictief)", at=AT + timedelta(days=1))
    following(region, "later@burger.example", at=AT + timedelta(days=2))
    public(region, mapper, "Later (fictief)", at=AT + timedelta(days=3))
    tell_news(region_id=region.pk, at=AT + timedelta(days=9))
    told = {
        each.recipient: [name for name in ("Eerder", "Later (f") if name in each.body]
        for each in news_mails()
    }
    assert told == {ADDRESS: ["Eerder", "Later (f"], "later@burger.example": ["Later (f"]}


def test_a_mail_program_stops_it_with_one_click(region, mapper) -> None:
    follower = following(region)
    public(region, mapper, "Nieuw (fictief)", at=AT + timedelta(days=1))
    tell_news(region_id=region.pk, at=AT + WEEK)
    send_due_mails(now=lambda: timezone.now() + WEEK)
    message = next(each for each in sent_mails.outbox if "Wat er nieuw is" in each.subject)
    headers: EmailMessage = message.message()  # type: ignore[assignment]
    address = str(headers["List-Unsubscribe"]).strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in message.body
    confirm = next(each for each in sent_mails.outbox if each is not message)
    assert confirm.message()["List-Unsubscribe"] is None
    strict = Client(enforce_csrf_checks=True)
    path = "/" + address.split("/", 3)[3]
    # Following the link changes nothing.
    assert "Wilt u stoppen" in page_text(strict.get(path))
    for _click in range(2):
        assert "volgt deze regio niet meer" in page_text(strict.post(path, {"List-Unsubscribe": "One-Click"}))
    assert not RegionFollower.objects.filter(pk=follower.pk).exists()
    assert not OutgoingMail.objects.filter(recipient=ADDRESS).exists()
    assert list(every_violation()) == []


def test_nobody_stops_it_for_another(client: Client, region) -> None:
    follower, key = following(region), uuid4()
    for wrong in ((follower.key, mark_of(key)), (key, mark_of(follower.key))):
        assert client.post(reverse("website:stop_following", args=wrong)).status_code == 404
    # A key of ours that nobody has says the same as one that stopped.
    assert client.get(reverse("website:stop_following", args=[key, mark_of(key)])).status_code == 200
    assert RegionFollower.objects.exists()


def test_addresses_are_forgotten_in_time(region) -> None:
    asked = ask_to_follow(region=region, email=ADDRESS, at=AT)
    assert asked is not None
    late = AT + timedelta(days=DAYS_TO_CONFIRM)
    with pytest.raises(DeadLink):
        confirm_following(follower_id=asked.pk, at=late)
    assert list(ENDING.due(late)) == [asked]
    assert [end_following(follower_id=asked.pk, at=late) for _turn in range(2)] == [True, False]
    with pytest.raises(DeadLink):
        confirm_following(follower_id=asked.pk, at=AT)
    follower = following(region)
    assert not end_following(follower_id=follower.pk, at=AT + timedelta(days=699))
    assert end_following(follower_id=follower.pk, at=AT + timedelta(days=700))
    assert not stop_following(follower_id=follower.pk, at=AT)
    RetentionPeriod.objects.all().delete()
    with pytest.raises(RuleViolation, match="feedlezer"):
        ask_to_follow(region=region, email=ADDRESS, at=AT)


def test_nobody_of_the_office_knows_who_follows(region) -> None:
    following(region)
    assert not mails_open_to(person(Role.ADMINISTRATOR), OutgoingMail.objects.all()).exists()


def test_the_database_refuses_what_cannot_be(region) -> None:
    with refused_by("region_follower_told_once_confirmed"):
        RegionFollower.objects.create(
            region=region, email=ADDRESS, mailbox=ADDRESS, confirm_digest="a" * 64, asked_at=AT, told_at=AT,
            kept_until=AT,
        )  # fmt: skip
    RegionNews.objects.create(region=region, key="a", seen_at=AT)
    with refused_by("region_news_seen_once"):
        RegionNews.objects.create(region=region, key="a", seen_at=AT)


@pytest.mark.parametrize("typed", ["", "geen", "a@b"])
def test_what_is_no_address_is_said_at_the_field(client: Client, region, typed: str) -> None:
    answer = client.post(reverse("website:follow", args=[region.slug]), {"email": typed})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"email"})


def test_one_network_asks_a_few_times_and_reads_another_way(client: Client, region) -> None:
    page = reverse("website:follow", args=[region.slug])
    for number in range(MOST_BY_ONE_NETWORK):
        assert client.post(page, {"email": f"a{number}@burger.example"}).status_code == 200
    refused = client.post(page, {"email": "nog@burger.example"})
    text = page_text(refused)
    assert (refused.status_code, "Bel of mail het programmabureau." in text) == (429, True)
    assert client.post(page, {"email": ADDRESS}, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert MOST_BY_ONE_NETWORK * BY_CONNECTION < MOST_IN_A_DAY / 2
