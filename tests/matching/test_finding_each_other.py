"""Who looks for whom: names only once both show theirs, and only of organisations that are proved and public (rules 23, 26 and 27)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from mapping.models import MapEntry, ParticipationQuestion
from matching.domain.finding_each_other import looking_of, no_longer_be_found, want_to_be_found
from matching.models import FoundWish
from organisations.domain.representing import end_representation
from organisations.models import Organisation, Representative
from regions.models import Region
from tests.breaking import force
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import (
    RepresentativeFactory,
    office,
    organisation_in,
    pending_for,
    speaker_for,
)
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.matching.test_partners import published_in
from tests.pages import page_text
from tests.racing import held_open
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


class Side:
    """A public organisation with somebody who speaks for it."""

    def __init__(self, region: Region, name: str) -> None:
        self.organisation = published_in(region, name)
        self.user = speaker_for(self.organisation)

    def says(self, question: ParticipationQuestion, *, shows_name: bool, contact: str = "") -> FoundWish:
        return want_to_be_found(
            organisation_id=self.organisation.pk,
            question_id=question.pk,
            shows_name=shows_name,
            contact=contact,
            actor=self.user,
            at=AT,
        )

    def stops(self, question: ParticipationQuestion) -> None:
        no_longer_be_found(
            organisation_id=self.organisation.pk, question_id=question.pk, actor=self.user, at=AT
        )

    def reads(self, client: Client) -> tuple[bool, list[tuple[str, str]]]:
        """Return whether the first question says that somebody looks, and whom it names."""
        log_in(client, self.user)
        page = client.get(reverse("matching:found", args=[self.organisation.pk]))
        (looking,) = page.context["looking"]
        return looking.is_looked_for, [(each.name, each.contact) for each in looking.found]


@pytest.fixture
def region() -> Region:
    return RegionFactory.create()


@pytest.fixture
def question(region: Region) -> ParticipationQuestion:
    return ParticipationQuestion.objects.create(region=region, title="Vraag", is_public=True, created_at=AT)


@pytest.fixture
def one(region: Region) -> Side:
    return Side(region, "Een (fictief)")


@pytest.fixture
def other(region: Region) -> Side:
    return Side(region, "Ander (fictief)")


NOTHING: tuple[bool, list[tuple[str, str]]] = (False, [])


def test_who_does_not_look_reads_nothing_of_who_does(
    client: Client, one: Side, other: Side, question: ParticipationQuestion
) -> None:
    other.says(question, shows_name=True)
    assert one.reads(client) == NOTHING


def test_who_looks_without_a_name_reads_that_somebody_looks_and_no_name(
    client: Client, one: Side, other: Side, question: ParticipationQuestion
) -> None:
    one.says(question, shows_name=False)
    assert one.reads(client) == NOTHING
    other.says(question, shows_name=True, contact="bel ons")
    assert (one.reads(client), other.reads(client)) == ((True, []), (True, []))


def test_both_read_each_other_once_both_show_their_name_until_one_stops(
    client: Client, one: Side, other: Side, question: ParticipationQuestion
) -> None:
    one.says(question, shows_name=True, contact="een@kring.example")
    other.says(question, shows_name=True, contact="ander@kring.example")
    assert one.reads(client) == (True, [("Ander (fictief)", "ander@kring.example")])
    assert other.reads(client) == (True, [("Een (fictief)", "een@kring.example")])
    other.says(question, shows_name=False, contact="ander@kring.example")
    assert (one.reads(client), other.reads(client)) == ((True, []), (True, []))
    other.stops(question)
    other.stops(question)
    assert (one.reads(client), other.reads(client)) == (NOTHING, NOTHING)


def test_the_mail_names_nobody_and_comes_once(
    one: Side, other: Side, question: ParticipationQuestion
) -> None:
    """Rules 25 and 26."""
    one.says(question, shows_name=True)
    assert not OutgoingMail.objects.filter(kind="looked_for").exists()
    for _time in range(2):
        other.says(question, shows_name=True)
        other.stops(question)
    mail = OutgoingMail.objects.get(kind="looked_for")
    assert mail.recipient == one.user.email
    assert other.organisation.name not in mail.subject + mail.body


@pytest.mark.parametrize(
    "gone",
    [
        lambda side: force(side.organisation, published_at=None),
        lambda side: end_representation(
            representative_id=Representative.objects.get(user=side.user).pk,
            reason="",
            actor=side.user,
            at=AT,
        ),
        lambda side: force(
            Representative.objects.get(user=side.user),
            contested_at=AT,
            contested_by=office(),
            contest_reason="?",
        ),
        lambda side: force(side.organisation, municipality=MunicipalityFactory.create()),
        lambda side: MapEntry.objects.create(
            organisation=side.organisation,
            region=side.organisation.municipality.region,
            removed_at=AT,
        ),
    ],
    ids=[
        "not public any more",
        "nobody speaks for it any more",
        "disputed",
        "not in the region any more",
        "off the map of the region",
    ],
)
def test_a_wish_counts_while_its_organisation_is_public_and_spoken_for(
    client: Client,
    one: Side,
    other: Side,
    question: ParticipationQuestion,
    gone: Callable[[Side], object],
) -> None:
    one.says(question, shows_name=True)
    other.says(question, shows_name=True)
    gone(other)
    assert one.reads(client) == NOTHING
    # Nor does who speaks for it now read the names of those who do not read its own.
    for user in (speaker_for(other.organisation), other.user):
        looking = looking_of(other.organisation, user=user, today=AT.date())
        assert [name for each in looking for name in (each.is_looked_for, *each.found)] in ([], [False])


def test_who_is_disputed_is_found_only_once_that_is_settled(
    one: Side, question: ParticipationQuestion
) -> None:
    """Rule 27."""
    force(
        Representative.objects.get(user=one.user), contested_at=AT, contested_by=office(), contest_reason="?"
    )
    with pytest.raises(RuleViolation, match="programmabureau"):
        one.says(question, shows_name=True)
    one.stops(question)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_so_at_the_same_moment_one_is_mailed(
    one: Side, other: Side, question: ParticipationQuestion
) -> None:
    with held_open(lambda: one.says(question, shows_name=True)) as underway:
        waiting = underway(lambda: other.says(question, shows_name=True))
        assert waiting.waits()
    waiting.result()
    assert OutgoingMail.objects.get(kind="looked_for").recipient == one.user.email


def test_two_organisations_of_one_person_do_not_find_each_other(
    client: Client, one: Side, other: Side, question: ParticipationQuestion
) -> None:
    RepresentativeFactory.create(organisation=other.organisation, user=one.user)
    one.says(question, shows_name=True)
    other.says(question, shows_name=True)
    assert one.reads(client) == NOTHING


def test_a_question_that_is_not_public_shows_nobody_and_takes_no_wish(
    client: Client, one: Side, other: Side, question: ParticipationQuestion
) -> None:
    one.says(question, shows_name=True)
    other.says(question, shows_name=True)
    force(question, is_public=False)
    log_in(client, one.user)
    page = client.get(reverse("matching:found", args=[one.organisation.pk]))
    assert page.context["looking"] == []
    with pytest.raises(RuleViolation):
        one.says(question, shows_name=False)
    elsewhere = ParticipationQuestion.objects.create(
        region=RegionFactory.create(), title="Elders", is_public=True, created_at=AT
    )
    with pytest.raises(RuleViolation):
        one.says(elsewhere, shows_name=True)


def test_only_who_is_proved_to_speak_for_a_public_organisation_is_found(
    client: Client, region: Region, one: Side, question: ParticipationQuestion
) -> None:
    """Rules 23 and 27: a made-up organisation finds nobody."""
    hidden = organisation_in(region)

    def tries(user: User, organisation: Organisation) -> list[int]:
        log_in(client, user)
        with pytest.raises(NotAllowed):
            want_to_be_found(
                organisation_id=organisation.pk,
                question_id=question.pk,
                shows_name=True,
                contact="",
                actor=user,
                at=AT,
            )
        pages = [("found", [organisation.pk]), ("found_on", [organisation.pk, question.pk])]
        return [client.get(reverse(f"matching:{name}", args=args)).status_code for name, args in pages]

    assert tries(pending_for(one.organisation), one.organisation) == [404, 404]
    assert tries(person(), one.organisation) == [404, 404]
    assert tries(speaker_for(hidden), hidden) == [200, 404]
    assert not FoundWish.objects.exists()


def test_the_page_says_what_others_will_read_and_saves_the_choice(
    client: Client, one: Side, question: ParticipationQuestion
) -> None:
    """Rule 30."""
    log_in(client, one.user)
    address = reverse("matching:found_on", args=[one.organisation.pk, question.pk])
    assert client.get(address).context["form"].initial == {"choice": "no", "contact": ""}
    assert client.post(address, {"contact": "bel ons"}).status_code == 422
    client.post(address, {"choice": "showing", "contact": "bel ons"})
    assert FoundWish.objects.values_list("shows_name", "contact").get() == (True, "bel ons")
    told = page_text(client.post(address, {"choice": "looking", "contact": "mail ons"}, follow=True))
    # Rule 32.
    assert "Hoe anderen u kunnen bereiken, hebben we niet bewaard" in told
    told = page_text(client.post(address, {"choice": "looking", "contact": ""}, follow=True))
    assert "niet bewaard" not in told
    client.post(address, {"choice": "showing", "contact": "bel ons"})
    client.post(address, {"choice": "no"})
    assert not FoundWish.objects.exists()


def test_a_wish_is_said_once_per_question(one: Side, question: ParticipationQuestion) -> None:
    wish = one.says(question, shows_name=False)
    with refused_by("found_wish_once_per_question"):
        FoundWish.objects.create(
            organisation=wish.organisation, question=question, said_by=one.user, said_at=AT
        )
    with refused_by("found_wish_with_contact_shows_its_name"):
        force(wish, contact="bel ons")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_questions_and_others(
    client: Client,
    one: Side,
    question: ParticipationQuestion,
    django_assert_num_queries: Any,
    count: int,
) -> None:
    one.says(question, shows_name=True)
    for number in range(count):
        Side(question.region, f"Kring {number} (fictief)").says(question, shows_name=True)
        ParticipationQuestion.objects.create(
            region=question.region, title=f"Vraag {number}", is_public=True, created_at=AT
        )
        elsewhere = RegionFactory.create()
        one.organisation.works_in.add(elsewhere)
        ParticipationQuestion.objects.create(region=elsewhere, title="Elders", is_public=True, created_at=AT)
    log_in(client, one.user)
    address = reverse("matching:found", args=[one.organisation.pk])
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)
