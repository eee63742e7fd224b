"""A kwartiermaker tells the office who speaks for an organisation, and learns nothing by it (rules 26 and 27)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from mapping.domain.representatives import recommend_to_office
from mapping.queries import has_own_organisation, representatives_waiting_for
from organisations.domain.claiming import MAX_PENDING, TooManyPending, claim_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.domain.representing import (
    DisputedMeanwhile,
    confirm_as_office,
    confirm_colleague,
    dispute_colleague,
    dispute_of,
    end_representation,
)
from organisations.enums import HandInIt, Standing
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Recommendation, Representative
from organisations.queries import organisations_named_by
from organisations.ties import words_on
from regions.models import Municipality
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, office, speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.factories.scenarios import facts_of
from tests.pages import page_text

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
NUMBER = "68750110"


@pytest.fixture
def seat() -> Municipality:
    return MunicipalityFactory.create()


@pytest.fixture
def kwartiermaker(seat: Municipality) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=seat.region)
    return user


def claimed(seat: Municipality, user: User | None = None, *, kvk_number: str = NUMBER) -> Representative:
    """Say to speak for an organisation of which nothing but the number is known for sure."""
    facts = OrganisationFacts(
        name="Stichting Proef (fictief)",
        kvk_number=kvk_number,
        legal_form=LegalForm.FOUNDATION,
        municipality=seat,
    )
    return claim_organisation(facts=facts, actor=user or UserFactory.create(), at=AT)


def recommended(
    row: Representative, actor: User, *, is_right: bool = True, reason: str = "Ik belde."
) -> None:
    recommend_to_office(representative_id=row.pk, is_right=is_right, reason=reason, actor=actor, at=LATER)


def unknown() -> None:
    """The portal does not know the number."""


def elsewhere() -> None:
    """It is on the map of another region, with its seat there."""
    OrganisationFactory.create(kvk_number=NUMBER)


def spoken_for() -> None:
    """Somebody speaks for it, who will dispute."""
    speaker_for(OrganisationFactory.create(kvk_number=NUMBER, name="Geheim (fictief)"))


@pytest.mark.parametrize("known", [unknown, elsewhere, spoken_for])
def test_the_list_is_the_same_whatever_the_portal_knows_of_a_number(
    client: Client, known: object, seat: Municipality, kwartiermaker: User
) -> None:
    assert callable(known)
    known()
    row = claimed(seat, UserFactory.create(full_name="Nina Nieuw"))
    for colleague in row.organisation.representatives.exclude(pk=row.pk):
        dispute_colleague(representative_id=row.pk, reason="Ken ik niet.", actor=colleague.user, at=LATER)
    assert list(representatives_waiting_for(kwartiermaker)) == [row]
    log_in(client, kwartiermaker)
    slug = seat.region.slug
    for name, arguments in (
        ("representatives", [slug]),
        ("recommend_representative", [slug, row.pk]),
        ("dispute_representative", [slug, row.pk]),
        ("open_items", [slug]),
    ):
        shown = page_text(
            client.get(
                reverse(f"mapping:{name}" if name != "open_items" else "website:open_items", args=arguments)
            )
        )
        assert ("Geheim" in shown, "betwist" in shown, "op de kaart als" in shown) == (False, False, False)
    assert "Nina Nieuw" in page_text(client.get(reverse("mapping:representatives", args=[slug])))


def test_whoever_tries_a_number_reads_and_can_do_the_same_when_its_people_dispute_it(
    client: Client, seat: Municipality
) -> None:
    spoken_for()
    user = UserFactory.create()
    row, other = claimed(seat, user), claimed(seat, user, kvk_number="90001354")
    colleague = speaker_for(row.organisation)
    dispute_colleague(representative_id=row.pk, reason="Ken ik niet.", actor=colleague, at=LATER)
    told = OutgoingMail.objects.filter(recipient=user.email)
    assert not told.exists()
    assert set(organisations_named_by(user)) == {row.organisation, other.organisation}
    log_in(client, user)
    shown = page_text(client.get(reverse("organisations:my_organisations")))
    assert (shown.count("dit controleren wij nog"), "zoekt dit uit" in shown) == (2, False)
    for each in (row, other):
        assert client.post(reverse("organisations:ask_again", args=[each.pk])).status_code == 302
        assert client.get(reverse("coalitions:correct_organisation", args=[each.pk])).status_code == 200
    asked = OutgoingMail.objects.filter(kind="representation_asked")
    assert {each.recipient for each in asked} == {
        each.user.email for each in _speakers(row) if each.user != colleague
    }


def _speakers(row: Representative) -> list[Representative]:
    return list(row.organisation.representatives.filter(proved_at__isnull=False).select_related("user"))


def test_what_is_disputed_counts_among_what_one_waits_for(seat: Municipality) -> None:
    """Otherwise one more would tell of the dispute."""
    user = UserFactory.create()
    spoken_for()
    rows = [
        claimed(seat, user),
        *(claimed(seat, user, kvk_number=f"9100000{each}") for each in range(MAX_PENDING - 1)),
    ]
    colleague = _speakers(rows[0])[0].user
    dispute_colleague(representative_id=rows[0].pk, reason="Ken ik niet.", actor=colleague, at=LATER)
    with pytest.raises(TooManyPending):
        claimed(seat, user, kvk_number="91000009")


def test_a_word_opens_nothing_and_the_office_settles(seat: Municipality, kwartiermaker: User) -> None:
    row = claimed(seat)
    shown = dispute_of(row)
    for _click in range(2):
        recommended(row, kwartiermaker, reason=" Ik belde. ")
    said = Recommendation.objects.get()
    assert (said.given_by, said.is_right, said.reason, said.given_at) == (
        kwartiermaker,
        True,
        "Ik belde.",
        LATER,
    )
    row.refresh_from_db()
    assert (row.standing, OutgoingMail.objects.count()) == (Standing.PENDING, 0)
    with pytest.raises(DisputedMeanwhile):
        confirm_as_office(representative_id=row.pk, shown_dispute=shown, actor=office(), at=LATER)
    settled = confirm_as_office(
        representative_id=row.pk, shown_dispute=dispute_of(row), actor=office(), at=LATER
    )
    assert settled.standing == Standing.PROVED


def test_what_a_kwartiermaker_says_is_not_right_no_colleague_confirms(
    kwartiermaker: User, seat: Municipality
) -> None:
    organisation = OrganisationFactory.create(municipality=seat)
    colleague = speaker_for(organisation)
    row = claim_organisation(facts=facts_of(organisation), actor=UserFactory.create(), at=AT)
    with pytest.raises(RuleViolation) as refusal:
        recommended(row, kwartiermaker, is_right=False, reason="  ")
    assert refusal.value.field == "reason"
    for _click in range(2):
        recommended(row, kwartiermaker, is_right=False, reason="Gebeld.")
    row.refresh_from_db()
    assert (row.contested_by, row.contest_reason, Recommendation.objects.count()) == (
        kwartiermaker,
        "Gebeld.",
        1,
    )
    with pytest.raises(NotAllowed):
        confirm_colleague(representative_id=row.pk, actor=colleague, at=LATER)


def test_a_word_on_what_others_disputed_is_kept_beside_it(kwartiermaker: User, seat: Municipality) -> None:
    spoken_for()
    row = claimed(seat)
    colleague = _speakers(row)[0].user
    dispute_colleague(representative_id=row.pk, reason="Ken ik niet.", actor=colleague, at=LATER)
    recommended(row, kwartiermaker, is_right=False, reason="Gebeld.")
    row.refresh_from_db()
    assert (row.contested_by, row.contest_reason) == (colleague, "Ken ik niet.")
    assert [(each.said.reason, each.said.is_right) for each in words_on(row)] == [("Gebeld.", False)]


def test_nobody_recommends_themselves_nor_in_a_region_of_others(
    seat: Municipality, kwartiermaker: User
) -> None:
    own = claimed(seat, kwartiermaker)
    far = claimed(MunicipalityFactory.create(), kvk_number="90001354")
    for row in (own, far):
        with pytest.raises(NotAllowed):
            recommended(row, kwartiermaker)
    # Where the map has the seat, counts for nothing.
    Organisation.objects.filter(pk=far.organisation_id).update(municipality=seat)
    with pytest.raises(NotAllowed):
        recommended(far, kwartiermaker)


def test_the_office_reads_who_may_have_a_hand_in_it(client: Client, seat: Municipality) -> None:
    giver = person(Role.KWARTIERMAKER, email="k.maker@voorbeeld.example", full_name="Kaat Maker")
    KwartiermakerAssignmentFactory.create(user=giver, region=seat.region)
    second = UserFactory.create()
    earlier, row = claimed(seat, second, kvk_number="90001354"), claimed(seat, second)
    stranger = claimed(seat)
    for each in (earlier, row, stranger):
        recommended(each, giver)
    claimed(MunicipalityFactory.create(), giver)
    # Taken later: of an account of her own mailbox she reads no claims.
    second.email = "K.Maker+twee@voorbeeld.example"
    second.save()
    assert [word.hands for word in words_on(row)] == [
        (
            HandInIt.SAME_MAILBOX,
            HandInIt.SAME_ORGANISATION,
            HandInIt.OWN_ORGANISATION,
            HandInIt.RECOMMENDED_BEFORE,
            HandInIt.SAME_DOMAIN,
        )
    ]
    log_in(client, person(Role.OFFICER))
    shown = page_text(client.get(reverse("admin:confirm_representative", args=[row.pk])))
    assert ("Kaat Maker" in shown, "Let op" in shown, "Ik belde." in shown) == (True, True, True)
    assert "Kaat Maker" in page_text(client.get(reverse("admin:representatives")))
    UserFactory.create()
    assert HandInIt.SAME_MAILBOX not in words_on(stranger)[0].hands


def test_another_account_of_the_own_mailbox_is_oneself(seat: Municipality) -> None:
    """Rule 28: nobody recommends, or reads the rivals of, what they say by a second account."""
    kwartiermaker = person(Role.KWARTIERMAKER, email="k.maker@voorbeeld.example")
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=seat.region)
    rival = claimed(seat)
    assert list(representatives_waiting_for(kwartiermaker)) == [rival]
    own = claimed(seat, UserFactory.create(email="K.Maker+twee@voorbeeld.example"), kvk_number="90001354")
    assert (list(representatives_waiting_for(kwartiermaker)), has_own_organisation(kwartiermaker)) == (
        [],
        True,
    )
    for each in (own, rival):
        with pytest.raises(NotAllowed):
            recommended(each, kwartiermaker)


@pytest.mark.parametrize("ended", [False, True])
def test_who_has_an_organisation_reads_and_holds_up_no_rival(
    client: Client, seat: Municipality, kwartiermaker: User, ended: bool
) -> None:
    """Rule 26: whoever may apply too would read who is about to, and shut their colleagues out by a word."""
    row = claimed(seat, UserFactory.create(full_name="Rik Rivaal"))
    recommended(row, kwartiermaker)
    own = claimed(MunicipalityFactory.create(), kwartiermaker, kvk_number="90001354")
    if ended:
        end_representation(representative_id=own.pk, reason="", actor=kwartiermaker, at=LATER)
    assert not representatives_waiting_for(kwartiermaker).exists()
    with pytest.raises(NotAllowed):
        recommended(row, kwartiermaker, is_right=False)
    row.refresh_from_db()
    assert row.standing == Standing.PENDING
    log_in(client, kwartiermaker)
    slug = seat.region.slug
    listed = page_text(client.get(reverse("mapping:representatives", args=[slug])))
    assert ("Rik Rivaal" in listed, "beslist dit zonder u" in listed) == (False, True)
    for name in ("recommend_representative", "dispute_representative"):
        url = reverse(f"mapping:{name}", args=[slug, row.pk])
        assert (client.get(url).status_code, client.post(url, {"reason": "Nee."}).status_code) == (404, 404)
    assert "Rik Rivaal" not in page_text(client.get(reverse("website:open_items", args=[slug])))
    # What was said before it stays, and the office reads it.
    [word] = words_on(row)
    assert (word.said.is_right, word.hands) == (True, (HandInIt.OWN_ORGANISATION,))


def test_a_word_that_comes_after_the_office_settled_is_answered_as_if_before(
    client: Client, seat: Municipality, kwartiermaker: User
) -> None:
    row = claimed(seat)
    log_in(client, kwartiermaker)
    url = reverse("mapping:recommend_representative", args=[seat.region.slug, row.pk])
    listed = reverse("mapping:representatives", args=[seat.region.slug])
    empty = client.post(url, {"reason": " "})
    assert (empty.status_code, Recommendation.objects.count()) == (422, 0)
    assert client.post(url, {"reason": "Ik belde."}).url == listed
    confirm_as_office(representative_id=row.pk, shown_dispute=dispute_of(row), actor=office(), at=LATER)
    assert client.post(url, {"reason": "Ik belde."}).url == listed
    assert (Recommendation.objects.count(), row.user.full_name in page_text(client.get(listed))) == (1, False)


def test_only_the_own_map_is_shown_beside_what_somebody_typed(
    client: Client, seat: Municipality, kwartiermaker: User
) -> None:
    OrganisationFactory.create(kvk_number=NUMBER, municipality=seat, name="Zo heet het hier (fictief)")
    claimed(seat)
    log_in(client, kwartiermaker)
    shown = page_text(client.get(reverse("mapping:representatives", args=[seat.region.slug])))
    assert "op uw kaart als Zo heet het hier (fictief)" in shown
