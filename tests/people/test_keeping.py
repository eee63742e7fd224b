"""Writing people down, to be asked first, and changing what is kept of them (rule 23; GDPR art. 5, 14)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from mapping.domain.numbers import under_number
from organisations.models import Organisation
from people.domain import keeping
from people.domain.consenting import ask_again, record_consent
from people.domain.erasing import erase_person
from people.domain.keeping import PersonFacts, Reach, add_person, change_person
from people.domain.links import find_link
from people.domain.talks import TalkFacts, add_talk, follow_up
from people.enums import ConsentWay, ErasureReason, LinkUse
from people.models import MappedPerson
from people.queries import people_of
from regions.models import Region
from retention.models import RetentionPeriod
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.people import agreed_person, kwartiermaker_in, secret_for, waiting_person
from tests.factories.regions import RegionFactory
from tests.racing import held_open

pytestmark = pytest.mark.django_db

FACTS = PersonFacts("Acht jaar in een cliëntenraad.", "vervoer, wonen", "jongeren in Zuid")


NOTHING = PersonFacts()


def change(somebody: MappedPerson, actor: User, *, reach: Reach | None = None, facts=NOTHING, at=AT):
    reach = reach or Reach(somebody.name, somebody.email, somebody.phone)
    return change_person(
        person_id=somebody.pk,
        reach=reach,
        facts=facts,
        seen_version=somebody.version,
        actor=actor,
        at=at,
    )


def mails() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "recipient"))


def test_who_is_written_down_is_asked_at_once_and_kept_no_longer_than_that_takes(
    region, kwartiermaker
) -> None:
    somebody = waiting_person(region, kwartiermaker)
    assert (somebody.consented_at, somebody.kept_until.isoformat()) == (
        None,
        "2024-05-29T23:59:59.999999+02:00",
    )
    assert mails() == [("person_asked", "bregje@burger.example")]
    [mail] = OutgoingMail.objects.all()
    assert kwartiermaker.full_name in mail.body
    assert kwartiermaker.email in mail.body
    assert "/privacy/" in mail.body
    assert mail.about == f"person-{somebody.pk}"
    events = AuditEvent.objects.filter(actor_id=kwartiermaker.pk).values_list("act", "subject_id", "facts")
    assert list(events.order_by("pk")) == [
        ("people.added", somebody.pk, {}),
        ("people.asked", somebody.pk, {}),
    ]


def test_who_has_no_address_is_asked_by_the_kwartiermaker(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34")
    assert (mails(), somebody.links.count()) == ([], 0)


def test_a_second_click_writes_nobody_down_and_asks_nobody(region, kwartiermaker) -> None:
    key = uuid4()
    both = {
        add_person(
            region=region,
            reach=Reach("Bregje", "b@burger.example"),
            added_with=key,
            actor=kwartiermaker,
            at=AT,
        )
        for _click in range(2)
    }
    assert (len(both), len(mails())) == (1, 1)


def test_another_region_and_other_roles_keep_nobody(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    for other in (kwartiermaker_in(RegionFactory.create()), person(Role.ADMINISTRATOR), person(Role.OFFICER)):
        with pytest.raises(NotAllowed):
            add_person(region=region, reach=Reach("Bregje", "b@burger.example"), actor=other, at=AT)
        with pytest.raises(NotAllowed):
            change(somebody, other, facts=FACTS)
        assert not people_of(other).exists()
    assert list(people_of(kwartiermaker)) == [somebody]


def test_a_kwartiermaker_who_takes_the_region_over_finds_everybody_and_who_left_nobody(
    region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    kwartiermaker.kwartiermaker_assignments.all().delete()
    assert list(people_of(kwartiermaker_in(region))) == [somebody]
    assert not people_of(kwartiermaker).exists()


def test_nobody_is_kept_without_a_way_to_ask_them(region, kwartiermaker) -> None:
    with pytest.raises(RuleViolation) as refusal:
        add_person(region=region, reach=Reach("Bregje"), actor=kwartiermaker, at=AT)
    assert refusal.value.field == "email"


def test_nobody_is_written_down_twice_but_two_may_share_a_mailbox(region, kwartiermaker) -> None:
    waiting_person(region, kwartiermaker, phone="010 555 12 34")
    for again in (
        {"email": "BREGJE@burger.example"},
        # Two spellings of one mailbox (rule 28).
        {"email": "bregje+lijst@burger.example"},
        {"email": "", "phone": "010 555 12 34"},
    ):
        with pytest.raises(RuleViolation) as refusal:
            waiting_person(region, kwartiermaker_in(region), **again)
        assert refusal.value.field == "name"
    waiting_person(region, kwartiermaker, name="Bram Bedacht (fictief)")
    assert MappedPerson.objects.count() == 2


def test_nobody_is_kept_where_no_end_was_set(region, kwartiermaker) -> None:
    RetentionPeriod.objects.all().delete()
    with pytest.raises(RuleViolation):
        add_person(region=region, reach=Reach("Bregje", "b@burger.example"), actor=kwartiermaker, at=AT)


def test_a_mailbox_cannot_be_flooded_by_writing_down_and_erasing(region, kwartiermaker, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "MOST_ADDED", 2)
    for _each in range(2):
        waiting_person(region, kwartiermaker).delete()
    with pytest.raises(TooMuch):
        waiting_person(region, kwartiermaker)
    waiting_person(region, kwartiermaker, at=AT + timedelta(days=2))


def test_until_they_agree_only_a_name_and_how_to_reach_them_is_kept(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    with pytest.raises(RuleViolation):
        change(somebody, kwartiermaker, facts=FACTS)
    changed = change(somebody, kwartiermaker, reach=Reach("Bregje B.", somebody.email, "010 555 12 34"))
    assert (changed.name, changed.phone, changed.version, changed.kept_until) == (
        "Bregje B.",
        "010 555 12 34",
        2,
        somebody.kept_until,
    )


def test_once_they_agreed_what_they_know_and_for_whom_they_speak_is_kept(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    changed = change(somebody, kwartiermaker, facts=FACTS)
    assert (changed.knowledge, changed.subjects, changed.group) == (
        FACTS.knowledge,
        FACTS.subjects,
        FACTS.group,
    )
    organisation = organisation_in(region)
    again = change(changed, kwartiermaker, facts=PersonFacts(organisation=organisation))
    assert (again.organisation, again.group, again.version) == (organisation, "", 3)


def test_somebody_speaks_for_a_group_or_for_an_organisation_of_the_map_of_the_region(
    region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    for facts, field in (
        (PersonFacts(group="jongeren", organisation=organisation_in(region)), "group"),
        (PersonFacts(organisation=organisation_in(RegionFactory.create())), "organisation"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            change(somebody, kwartiermaker, facts=facts)
        assert refusal.value.field == field


def test_for_whom_somebody_speaks_goes_on_with_a_number_that_the_map_corrects(region, kwartiermaker) -> None:
    organisation = organisation_in(region)
    somebody = change(
        agreed_person(region, kwartiermaker), kwartiermaker, facts=PersonFacts(organisation=organisation)
    )
    known = organisation_in(region, mapped_at=None)
    with transaction.atomic():
        under_number(organisation, known.kvk_number, region=region, actor=kwartiermaker, at=AT)
    somebody.refresh_from_db()
    assert somebody.organisation == known


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_an_organisation_holds_nobody_meanwhile() -> None:
    """As merging does: the organisation first, and then the people who follow it."""
    region = RegionFactory.create()
    kwartiermaker = kwartiermaker_in(region)
    somebody = agreed_person(region, kwartiermaker)
    organisation = organisation_in(region)

    def held() -> None:
        list(Organisation.objects.select_for_update().filter(pk=organisation.pk))

    def change() -> None:
        change_person(
            person_id=somebody.pk,
            reach=Reach(somebody.name, somebody.email, somebody.phone),
            facts=PersonFacts(organisation=organisation),
            seen_version=somebody.version,
            actor=kwartiermaker,
            at=AT,
        )

    with held_open(held) as meanwhile:
        changing = meanwhile(change)
        assert changing.waits()
        with transaction.atomic():
            assert list(MappedPerson.objects.select_for_update(nowait=True).filter(pk=somebody.pk)) == [
                somebody
            ]
    changing.result()
    somebody.refresh_from_db()
    assert somebody.organisation == organisation


def test_nothing_newer_is_overwritten_and_the_same_is_no_change(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    colleague = kwartiermaker_in(region)
    change(somebody, colleague, facts=FACTS)
    with pytest.raises(NewerVersion):
        change(somebody, kwartiermaker, facts=PersonFacts("Iets anders."))
    same = change(somebody, kwartiermaker, facts=FACTS)
    assert (same.version, same.changed_by) == (2, colleague)


def test_another_address_is_asked_anew_and_the_link_to_the_first_is_dead(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    first = find_link(secret_for(somebody, LinkUse.ANSWER), LinkUse.ANSWER)
    assert first is not None
    change(somebody, kwartiermaker, reach=Reach(somebody.name, "ander@burger.example"))
    first.refresh_from_db()
    assert first.withdrawn_at == AT
    assert mails() == [("person_asked", "bregje@burger.example"), ("person_asked", "ander@burger.example")]


def test_nobody_is_asked_more_than_three_times_by_changing_the_address_back_and_forth(
    region, kwartiermaker
) -> None:
    somebody = waiting_person(region, kwartiermaker)
    for each in ("ander@burger.example", "bregje@burger.example"):
        somebody = change(somebody, kwartiermaker, reach=Reach(somebody.name, each))
    with pytest.raises(RuleViolation) as refusal:
        change(somebody, kwartiermaker, reach=Reach(somebody.name, "ander@burger.example"))
    somebody.refresh_from_db()
    assert (refusal.value.field, somebody.email, len(mails())) == ("email", "bregje@burger.example", 3)


def test_once_the_time_to_keep_somebody_is_over_nothing_but_erasing_is_done(region, kwartiermaker) -> None:
    """Also in the hours before the job that erases them has run."""
    waiting = waiting_person(region, kwartiermaker)
    by_phone = waiting_person(region, kwartiermaker, name="Bel", email="", phone="010 555 12 34")
    agreed = agreed_person(region, kwartiermaker)
    talk = add_talk(person_id=agreed.pk, facts=TalkFacts(AT.date(), "Ja."), actor=kwartiermaker, at=AT)
    over, later = waiting.kept_until, agreed.kept_until
    by = {"actor": kwartiermaker}
    acts = (
        lambda: ask_again(person_id=waiting.pk, at=over, **by),
        lambda: change(waiting, kwartiermaker, reach=Reach("Anders", waiting.email), at=over),
        lambda: record_consent(
            person_id=by_phone.pk, way=ConsentWay.PHONE, told_on=AT.date(), account="Ja.", at=over, **by
        ),
        lambda: add_talk(person_id=agreed.pk, facts=TalkFacts(AT.date(), "Nee."), at=later, **by),
        lambda: follow_up(talk_id=talk.pk, at=later, **by),
    )
    for act in acts:
        with pytest.raises(RuleViolation) as refusal:
            act()
        assert "is voorbij" in str(refusal.value)
    assert erase_person(person_id=waiting.pk, reason=ErasureReason.ASKED, at=over, **by).pk


def test_who_agreed_is_told_at_both_addresses_that_another_was_written_down(region, kwartiermaker) -> None:
    """A kwartiermaker who moves somebody's mail away does not do so unseen."""
    somebody = agreed_person(region, kwartiermaker)
    secret = secret_for(somebody, LinkUse.LASTING)
    OutgoingMail.objects.all().delete()
    change(somebody, kwartiermaker, reach=Reach(somebody.name, "ander@burger.example"))
    assert mails() == [("person_agreed", "ander@burger.example"), ("person_moved", "ada@burger.example")]
    moved = OutgoingMail.objects.get(kind="person_moved")
    assert "ander@burger.example" not in moved.body
    assert find_link(secret, LinkUse.LASTING) is not None


def test_one_address_after_the_other_is_not_mailed_all_day(region, kwartiermaker, monkeypatch) -> None:
    """Whose mailbox it is, nobody knows: a kwartiermaker would have the portal mail strangers."""
    monkeypatch.setattr(keeping, "MOST_MAILS_ABOUT_ONE", 5)
    somebody = agreed_person(region, kwartiermaker)
    OutgoingMail.objects.all().delete()
    for each in ("een", "twee", "drie"):
        somebody = change(somebody, kwartiermaker, reach=Reach(somebody.name, f"{each}@burger.example"))
    with pytest.raises(TooMuch) as refusal:
        change(somebody, kwartiermaker, reach=Reach(somebody.name, "vier@burger.example"))
    assert (refusal.value.field, OutgoingMail.objects.count()) == ("email", 6)
    somebody.refresh_from_db()
    assert somebody.email == "drie@burger.example"
    change(somebody, kwartiermaker, reach=Reach("Anders", somebody.email))


def test_links_that_stay_die_with_an_address_at_which_nobody_ever_answered(region, kwartiermaker) -> None:
    """Whoever reads mail at a mistyped address erases nobody once it is mended; who answered at theirs still can."""
    somebody = agreed_person(region, kwartiermaker)
    mistaken = change(somebody, kwartiermaker, reach=Reach(somebody.name, "vreemd@burger.example"))
    change(mistaken, kwartiermaker, reach=Reach(somebody.name, "ander@burger.example"))
    lasting = somebody.links.filter(use=LinkUse.LASTING).order_by("pk")
    assert list(lasting.values_list("email", "withdrawn_at")) == [
        ("ada@burger.example", None),
        ("vreemd@burger.example", AT),
        ("ander@burger.example", None),
    ]


def test_an_address_that_was_asked_is_not_emptied_so_as_to_record_a_consent(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker, phone="010 555 12 34")
    with pytest.raises(RuleViolation) as refusal:
        change(somebody, kwartiermaker, reach=Reach(somebody.name, "", somebody.phone))
    assert refusal.value.field == "email"


def test_an_address_that_is_added_to_a_recorded_consent_is_told_of_it(
    region: Region, kwartiermaker: User
) -> None:
    """Whoever records a consent that was never given is found out once there is an address."""
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34")
    recorded = record_consent(
        person_id=somebody.pk,
        way=ConsentWay.PHONE,
        told_on=AT.date(),
        account="Voorgelezen, zei ja.",
        actor=kwartiermaker,
        at=AT,
    )
    change(recorded, kwartiermaker, reach=Reach(somebody.name, "later@burger.example", somebody.phone))
    [mail] = OutgoingMail.objects.all()
    assert (mail.kind, mail.recipient) == ("person_agreed", "later@burger.example")
    assert kwartiermaker.full_name in mail.body
