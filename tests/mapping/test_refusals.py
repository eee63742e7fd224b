"""An organisation that does not want to be public stays so, whoever is asked and wherever it comes back (rules 23, 27 and 28)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.mail.models import OutgoingMail
from mapping.agreement_queries import agreement_of, has_declined, number_digest
from mapping.cards import asked_card
from mapping.domain.answering import agree_by_link, can_be_withdrawn, decline_by_link, withdraw_by_link
from mapping.domain.asking import report_wrong_address
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map, change_organisation
from mapping.domain.publishing import Declined, publish_organisation, withdraw_publication
from mapping.domain.removing import empty_bin, remove_from_map
from mapping.domain.sharing import take_to_map
from mapping.domain.unmerging import undo_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import RefusedNumber
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation, Representative
from regions.models import Region
from tests.breaking import force, named
from tests.factories.accounts import UserFactory
from tests.factories.agreeing import ADDRESS, agreed, asked, lasting_of
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
NEXT_DAY = AT + timedelta(days=1, minutes=1)


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def row(region: Region, mapper: User) -> Organisation:
    facts = OrganisationFacts("Kring van bewoners (fictief)", description="Wij komen bij elkaar.")
    return add_to_map(facts=facts, region=region, actor=mapper, at=AT)


def again(row: Organisation) -> Organisation:
    return Organisation.objects.get(pk=row.pk)


@pytest.mark.parametrize("agrees_later", [False, True])
def test_who_declined_and_left_every_map_is_known_to_have_declined_when_it_comes_back(
    region, mapper, agrees_later
) -> None:
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    _leave_the_map(first, region, mapper)
    back = add_to_map(facts=facts, region=region, actor=mapper, at=LATER)
    assert (back.pk == first.pk, has_declined(back)) == (False, True)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=back.pk, actor=mapper, at=LATER)
    if agrees_later:
        agreed(back, region, mapper, at=NEXT_DAY)
        assert again(back).published_at is not None
        _leave_the_map(back, region, mapper)
        assert not has_declined(add_to_map(facts=facts, region=region, actor=mapper, at=NEXT_DAY))
    # By keyed digests: nobody finds a number or an address in them.
    kept = str(RefusedNumber.objects.values())
    assert "68750110" not in kept
    assert ADDRESS not in kept


def test_who_declined_hears_that_somebody_at_another_address_agreed(region, mapper, row) -> None:
    """Whoever asks could read another mailbox, and undo a refusal that way (rules 27 and 28)."""

    def told() -> list[str]:
        return list(
            OutgoingMail.objects.filter(kind="agreement_elsewhere").values_list("recipient", flat=True)
        )

    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    _speaks_for(row, email="ander@kring.example")
    given = agreed(row, region, mapper, email="ander@kring.example", at=LATER)
    assert (told(), again(row).published_at is not None) == ([ADDRESS], True)
    withdraw_by_link(request_id=given.pk, at=LATER)
    agreed(row, region, mapper, email="ander+kring@kring.example", at=NEXT_DAY)
    # The same mailbox changed its mind: nobody else is told.
    assert told() == [ADDRESS]


def test_a_no_is_lifted_by_who_said_it_or_speaks_for_the_organisation_alone(region, mapper, row) -> None:
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    with pytest.raises(RuleViolation) as refusal:
        asked(row, region, mapper, email="vriend@elders.example", at=LATER)
    assert refusal.value.field == "email"
    # Who only says to speak for it proves nothing.
    speaker = _speaks_for(row, email="vriend@elders.example", proved=False)
    with pytest.raises(RuleViolation):
        asked(row, region, mapper, email="vriend@elders.example", at=LATER)
    force(speaker, proof="office", proved_at=AT, proved_by=mapper)
    assert agreed(row, region, mapper, email="vriend@elders.example", at=LATER).is_in_force


def test_a_question_that_was_open_elsewhere_is_not_answered_over_a_no(region, mapper, row) -> None:
    elsewhere = RegionFactory.create()
    row.works_in.add(elsewhere)
    open_one = asked(row, elsewhere, kwartiermaker_in(elsewhere), email="vriend@elders.example")
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    shown = asked_card(open_one).digest
    with pytest.raises(DeadLink, match="niet openbaar"):
        agree_by_link(request_id=open_one.pk, shown=shown, name="Vriend", at=LATER)
    assert (again(row).published_at, has_declined(row)) == (None, True)


def test_who_agreed_long_ago_does_not_become_the_one_who_said_no(region, mapper, row) -> None:
    friend = "vriend@elders.example"
    old = lasting_of(agreed(row, region, mapper, email=friend))
    decline_by_link(request_id=asked(row, region, mapper, at=LATER).pk, name="Bo", reason="", at=LATER)
    assert not can_be_withdrawn(old)
    with pytest.raises(DeadLink):
        withdraw_by_link(request_id=old.pk, at=LATER)
    with pytest.raises(RuleViolation):
        asked(row, region, mapper, email=friend, at=NEXT_DAY)
    assert agreed(row, region, mapper, at=NEXT_DAY).is_in_force


def test_who_has_nothing_to_do_with_it_declines_for_nobody(region, mapper, row) -> None:
    wrong = asked(row, region, mapper, email="verkeerd@elders.example")
    assert report_wrong_address(request_id=wrong.pk, reason="Ik ken ze niet.", at=LATER)
    assert not report_wrong_address(request_id=wrong.pk, reason="", at=LATER)
    wrong.refresh_from_db()
    assert (wrong.state, wrong.reason, has_declined(row)) == ("replaced", "Ik ken ze niet.", False)
    mail = OutgoingMail.objects.get(kind="agreement_answered")
    assert (mail.recipient, "verkeerd adres" in mail.subject) == (mapper.email, True)
    assert agreed(row, region, mapper, at=NEXT_DAY).is_in_force


def _speaks_for(row: Organisation, *, email: str, proved: bool = True) -> Representative:
    by = {"proof": "office", "proved_at": AT, "proved_by": UserFactory.create()} if proved else {}
    user = UserFactory.create(email=email)
    return Representative.objects.create(organisation=row, user=user, since_at=AT, **by)


@pytest.mark.parametrize("declined_stays", [False, True])
def test_a_no_outweighs_what_another_row_agreed_to_when_the_two_are_merged(
    region, mapper, declined_stays: bool
) -> None:
    said_no = add_to_map(
        facts=OrganisationFacts("Kring een (fictief)", kvk_number="68750110" if declined_stays else ""),
        region=region,
        actor=mapper,
        at=AT,
    )
    said_yes = add_to_map(
        facts=OrganisationFacts("Kring twee (fictief)", kvk_number="" if declined_stays else "68750110"),
        region=region,
        actor=mapper,
        at=AT,
    )
    decline_by_link(request_id=asked(said_no, region, mapper).pk, name="Bo", reason="", at=AT)
    given = agreed(said_yes, region, mapper, email="vriend@elders.example", at=LATER)
    merge = merge_organisations(
        one_id=said_no.pk, other_id=said_yes.pk, region=region, chosen={}, actor=mapper, at=LATER
    )
    assert merge.kept == (said_no if declined_stays else said_yes)
    assert (again(merge.kept).published_at, has_declined(merge.kept)) == (None, True)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=merge.kept.pk, actor=mapper, at=LATER)
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert (has_declined(said_no), has_declined(said_yes)) == (True, False)
    assert agreement_of(said_yes) == given
    assert list(every_violation()) == []


def test_another_number_frees_nobody_from_a_no(region, mapper) -> None:
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    change_organisation(
        organisation_id=first.pk,
        region=region,
        facts=replace(facts, kvk_number="90001354"),
        seen_version=again(first).version,
        actor=mapper,
        at=AT,
    )
    second = add_to_map(facts=facts, region=region, actor=mapper, at=LATER)
    assert (second.pk == first.pk, has_declined(first), has_declined(second)) == (False, True, True)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=second.pk, actor=mapper, at=LATER)


def test_a_row_that_a_no_of_elsewhere_hides_takes_no_other_number(region, mapper) -> None:
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Nelly", reason="", at=AT)
    for other in ("", "90001354"):
        with pytest.raises(RuleViolation, match="dat hier eerst stond") as refusal:
            change_organisation(
                organisation_id=apart.pk,
                region=elsewhere,
                facts=replace(facts, kvk_number=other),
                seen_version=again(apart).version,
                actor=theirs,
                at=LATER,
            )
        assert (refusal.value.field, again(apart).kvk_number) == ("kvk_number", "68750110")
    # Who said no says yes: the number is free to be corrected.
    assert agreed(apart, elsewhere, theirs, at=NEXT_DAY).is_in_force


def test_a_no_to_one_region_holds_on_every_map_of_that_number(region, mapper) -> None:
    """Neither region knows that the other has it apart (rule 26)."""
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    assert apart.pk != first.pk
    publish_organisation(organisation_id=apart.pk, actor=theirs, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Nelly", reason="", at=LATER)
    assert (again(apart).published_at, has_declined(apart)) == (None, True)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=apart.pk, actor=theirs, at=LATER)
    with pytest.raises(RuleViolation):
        asked(apart, elsewhere, theirs, email="vriend@elders.example", at=LATER)
    # Who said no says yes, wherever they are asked.
    assert agreed(apart, elsewhere, theirs, at=NEXT_DAY).is_in_force
    assert (has_declined(apart), has_declined(first)) == (False, True)
    assert list(every_violation()) == []
    force(apart, published_at=AT)
    RefusedNumber.objects.create(
        number_digest=number_digest("68750110"), refused_at=NEXT_DAY + timedelta(days=1)
    )
    assert named(23, "is public though it declined", apart)[0] in list(every_violation())


def test_no_public_row_takes_a_number_under_which_somebody_declined(region, mapper, row) -> None:
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    _leave_the_map(first, region, mapper)
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    taken = replace(OrganisationFacts(row.name, description=row.description), kvk_number="68750110")
    with pytest.raises(RuleViolation, match="niet openbaar") as refusal:
        change_organisation(
            organisation_id=row.pk,
            region=region,
            facts=taken,
            seen_version=again(row).version,
            actor=mapper,
            at=LATER,
        )
    assert refusal.value.field == "kvk_number"


def _leave_the_map(row: Organisation, region: Region, mapper: User) -> None:
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    assert empty_bin(entry_id=entry_of(row, region).pk, at=AT + KEPT_IN_BIN + timedelta(minutes=1))


def test_a_yes_of_before_under_another_number_lifts_no_no(region, mapper) -> None:
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    _leave_the_map(first, region, mapper)
    friend = "vriend@elders.example"
    alias = OrganisationFacts("Kring zonder nummer (fictief)")
    second = add_to_map(facts=alias, region=region, actor=mapper, at=LATER)
    assert agreed(second, region, mapper, email=friend, at=LATER).is_in_force
    withdraw_publication(organisation_id=second.pk, actor=mapper, at=LATER)
    change_organisation(
        organisation_id=second.pk,
        region=region,
        facts=facts,
        seen_version=again(second).version,
        actor=mapper,
        at=LATER,
    )
    on_map = Organisation.objects.get(kvk_number="68750110", mapped_at__isnull=False)
    assert has_declined(on_map)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=on_map.pk, actor=mapper, at=NEXT_DAY)
    with pytest.raises(RuleViolation) as refusal:
        asked(on_map, region, mapper, email=friend, at=NEXT_DAY)
    assert refusal.value.field == "email"


@pytest.mark.parametrize("by_cell", [True, False])
def test_a_no_said_before_the_row_had_its_number_holds_under_it(region, mapper, row, by_cell: bool) -> None:
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    facts = OrganisationFacts("Kring van elders (fictief)", kvk_number="68750110")
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    which = {"organisation_id": row.pk, "region": region, "actor": mapper, "at": LATER}
    seen = again(row).version
    if by_cell:
        save_cell(field="kvk_number", value="68750110", was="", seen_version=seen, **which)
    else:
        named_so = OrganisationFacts(row.name, description=row.description, kvk_number="68750110")
        change_organisation(facts=named_so, seen_version=seen, **which)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=LATER)
    assert has_declined(apart)
    with pytest.raises(Declined):
        publish_organisation(organisation_id=apart.pk, actor=theirs, at=NEXT_DAY)
    assert list(every_violation()) == []


def test_a_no_of_a_row_without_number_holds_under_that_of_the_row_it_is_merged_with(
    region, mapper, row
) -> None:
    """Until that is undone."""
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    facts = OrganisationFacts("Kring met nummer (fictief)", kvk_number="68750110")
    numbered = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    publish_organisation(organisation_id=apart.pk, actor=theirs, at=AT)
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    merge = merge_organisations(
        one_id=numbered.pk, other_id=row.pk, region=region, chosen={}, actor=mapper, at=LATER
    )
    assert (has_declined(apart), again(apart).published_at) == (True, None)
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert (has_declined(apart), has_declined(numbered), has_declined(row)) == (False, False, True)
    assert list(every_violation()) == []


def test_who_agreed_on_another_map_does_not_become_the_one_who_said_no(region, mapper) -> None:
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    friend = "vriend@elders.example"
    given = lasting_of(agreed(apart, elsewhere, theirs, email=friend))
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=LATER)
    withdraw_by_link(request_id=given.pk, at=LATER)
    with pytest.raises(RuleViolation):
        asked(apart, elsewhere, theirs, email=friend, at=NEXT_DAY)
    assert agreed(first, region, mapper, at=NEXT_DAY).is_in_force


def test_who_said_no_first_lifts_nobody_elses(region, mapper) -> None:
    """A friend of a kwartiermaker declines for an organisation of which they read no mailbox, and agrees when it suits (rule 28)."""
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    friend = "vriend@elders.example"
    # Asked while nobody had said anything yet.
    open_question = asked(apart, elsewhere, theirs)
    decline_by_link(request_id=asked(first, region, mapper, email=friend).pk, name="Vriend", reason="", at=AT)
    decline_by_link(request_id=open_question.pk, name="Nelly", reason="", at=LATER)
    for which, where, who in ((first, region, mapper), (apart, elsewhere, theirs)):
        with pytest.raises(RuleViolation) as refusal:
            asked(which, where, who, email=friend, at=NEXT_DAY)
        assert refusal.value.field == "email"
    _speaks_for(apart, email="bestuur@echt.example")
    assert agreed(apart, elsewhere, theirs, email="bestuur@echt.example", at=NEXT_DAY).is_in_force
    assert (has_declined(apart), RefusedNumber.objects.exists()) == (False, False)


def test_a_no_that_is_not_remembered_under_its_number_is_named(region, mapper) -> None:
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(first, region, mapper).pk, name="Bo", reason="", at=AT)
    assert list(every_violation()) == []
    RefusedNumber.objects.all().delete()
    assert named(23, "declined, and that is not remembered by its number", first)[0] in list(
        every_violation()
    )


def test_a_no_of_one_mailbox_is_remembered_once() -> None:
    said = {"number_digest": number_digest("68750110"), "mailbox_digest": "a" * 64, "refused_at": AT}
    RefusedNumber.objects.create(**said)
    RefusedNumber.objects.create(**{**said, "mailbox_digest": "b" * 64})
    with refused_by("refused_number_once_per_mailbox"):
        RefusedNumber.objects.create(**said)


def test_who_agreed_and_the_other_regions_hear_that_a_stranger_said_no(region, mapper) -> None:
    """A kwartiermaker elsewhere asks at whichever address: whose no it was is not proved (rule 27)."""
    elsewhere = RegionFactory.create()
    liar = kwartiermaker_in(elsewhere)
    row = add_to_map(
        facts=OrganisationFacts("Kring (fictief)", kvk_number="68750110"), region=region, actor=mapper, at=AT
    )
    agreed(row, region, mapper, email="bestuur@echt.example")
    take_to_map(organisation_id=row.pk, region=elsewhere, actor=liar, at=AT)
    question = asked(row, elsewhere, liar, email="nee@liar.example")
    decline_by_link(request_id=question.pk, name="Niemand", reason="", at=LATER)
    assert OutgoingMail.objects.get(kind="agreement_overruled").recipient == "bestuur@echt.example"
    told = OutgoingMail.objects.filter(kind="agreement_answered", subject__contains="wil niet openbaar zijn")
    assert {each.recipient for each in told} == {liar.email, mapper.email}


def test_who_agreed_hears_that_a_no_to_another_map_took_it_off_the_public_pages(region, mapper) -> None:
    facts = OrganisationFacts("Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    first = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT)
    agreed(apart, elsewhere, theirs, email="bestuur@echt.example")
    decline_by_link(
        request_id=asked(first, region, mapper, email="vriend@elders.example").pk,
        name="Bo",
        reason="",
        at=LATER,
    )
    mail = OutgoingMail.objects.get(kind="agreement_overruled")
    assert (mail.recipient, "/organisaties/" in mail.body) == ("bestuur@echt.example", True)
    # Neither who said no, nor where, is told (rule 26).
    assert [each for each in ("vriend", "Bo", region.name) if each in mail.body] == []
    # Who is confirmed to speak for it agrees again.
    _speaks_for(apart, email="bestuur@echt.example")
    assert agreed(apart, elsewhere, theirs, email="bestuur@echt.example", at=NEXT_DAY).is_in_force
