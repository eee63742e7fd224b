"""Organisations agree to their public card, or decline; exactly what they agreed to is public (rules 23, 27, 28, 30 and 35)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from mapping.agreement_queries import agreement_of, has_declined, request_with
from mapping.cards import agreed_card, asked_card, card_of, shown_card
from mapping.domain.answering import (
    agree_by_link,
    decline_by_link,
    keep_corrections,
    take_over_corrections,
    withdraw_by_link,
)
from mapping.domain.asking import (
    DAYS_TO_ANSWER,
    MOST_QUESTIONS,
    MOST_TO_ONE_MAILBOX,
    ask_to_publish,
    remind_of_question,
    take_back_question,
)
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import Declined, publish_organisation, withdraw_publication
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.unmerging import undo_merge
from mapping.enums import AgreementState
from mapping.models import PublishingRequest
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.agreeing import ADDRESS, agreed, asked, lasting_of, mailed_secret
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
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
    return kwartiermaker(region)


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


@pytest.fixture
def row(region: Region, mapper: User) -> Organisation:
    return mapped(region, mapper, "Buurtkring Midden (fictief)")


def mapped(region: Region, actor: User, name: str) -> Organisation:
    return add_to_map(
        facts=OrganisationFacts(name=name, description="Zoekt elkaar op.", website="https://kring.example"),
        region=region,
        actor=actor,
        at=AT - timedelta(days=1),
    )


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def acts_on(row: Organisation) -> list[str]:
    events = AuditEvent.objects.filter(subject_type="organisations.organisation", subject_id=row.pk).order_by(
        "pk"
    )
    return [each.act.removeprefix("mapping.") for each in events if each.act.startswith("mapping.")]


def write(row: Organisation, region: Region, actor: User, field: str, value: Any, *, at: Any = LATER) -> None:
    save_cell(
        organisation_id=row.pk,
        region=region,
        field=field,
        value=value,
        seen_version=again(row).version,
        was=getattr(again(row), field),
        actor=actor,
        at=at,
    )


def test_who_agrees_is_public_at_once_and_it_is_kept_who_when_and_to_which_text(region, mapper, row) -> None:
    given = agreed(row, region, mapper)
    now = again(row)
    assert (now.published_at, now.published_by) == (AT, mapper)
    kept = again(given)
    assert (kept.state, kept.answered_at, kept.answered_by, kept.email, kept.corrected) == (
        AgreementState.AGREED,
        AT,
        "Anna Akkoord (fictief)",
        ADDRESS,
        [],
    )
    assert (agreed_card(kept), kept.text_digest) == (card_of(now), card_of(now).digest)
    assert acts_on(row) == ["agreement_asked", "agreed", "published_as_agreed"]
    assert list(every_violation()) == []


def test_the_question_names_nothing_that_a_stranger_typed_but_the_name_without_links(region, mapper) -> None:
    row = mapped(region, mapper, "Kijk op spam.example (fictief)")
    asked(row, region, mapper)
    mail = OutgoingMail.objects.get(kind="agreement_asked")
    assert (mail.recipient, "spam.example" in mail.body, "Zoekt elkaar op." in mail.body) == (
        ADDRESS,
        False,
        False,
    )
    assert mapper.full_name in mail.body
    assert PublishingRequest.objects.get().secret_digest not in mail.body


def test_a_secret_is_kept_as_a_digest_and_leaves_the_mail_once_it_was_used(region, mapper, row) -> None:
    question = asked(row, region, mapper)
    secret = mailed_secret(question)
    OutgoingMail.objects.update(status=MailStatus.SENT, claimed_at=AT, sent_at=AT)
    assert question.secret_digest == secret_digest(secret)
    agree_by_link(request_id=question.pk, shown=asked_card(question).digest, name="Anna", at=LATER)
    assert not OutgoingMail.objects.filter(body__contains=secret).exists()


def test_who_agrees_gets_a_copy_and_the_kwartiermakers_are_told(region, mapper, row) -> None:
    given = agreed(row, region, mapper)
    receipt = OutgoingMail.objects.get(kind="agreement_given")
    assert (receipt.recipient, given.text_digest in receipt.body, row.description in receipt.body) == (
        ADDRESS,
        True,
        True,
    )
    assert OutgoingMail.objects.get(kind="agreement_answered").recipient == mapper.email


def test_a_second_click_asks_once_and_mails_once(region, mapper, row) -> None:
    first = asked(row, region, mapper)
    assert asked(row, region, mapper, email=ADDRESS.upper(), at=AT + timedelta(seconds=30)) == first
    assert OutgoingMail.objects.filter(kind="agreement_asked").count() == 1


def test_a_newer_question_replaces_the_one_before(region, mapper, row) -> None:
    first = asked(row, region, mapper)
    second = asked(row, region, mapper, email="bestuur@buurtkring.example", at=LATER)
    assert again(first).state == AgreementState.REPLACED
    with pytest.raises(DeadLink):
        agree_by_link(request_id=first.pk, shown=card_of(row).digest, name="Anna", at=LATER)
    assert again(second).state == AgreementState.ASKED


def test_one_mailbox_is_not_flooded_whoever_asks(region, mapper) -> None:
    other = kwartiermaker(region)
    rows = [mapped(region, mapper, f"Kring {number} (fictief)") for number in range(MOST_TO_ONE_MAILBOX + 1)]
    for number, each in enumerate(rows[:-1]):
        asked(each, region, (mapper, other)[number % 2], email=f"info+{number}@buurtkring.example")
    with pytest.raises(TooMuch):
        asked(rows[-1], region, other, email="INFO@buurtkring.example")
    assert asked(rows[-1], region, other, email="info@buurtkring.example", at=NEXT_DAY).pk


def test_no_kwartiermaker_of_the_region_answers_for_an_organisation(region, mapper, row) -> None:
    colleague = kwartiermaker(region)
    for each in (mapper, colleague):
        local, _at, domain = each.email.partition("@")
        with pytest.raises(RuleViolation) as refusal:
            asked(row, region, mapper, email=f"{local.upper()}+kring@{domain}")
        assert refusal.value.field == "email"
        # Nor in a second mailbox of theirs.
        EmailAddress.objects.create(user=each, email=f"werk-{local}@elders.example", verified=True)
        with pytest.raises(RuleViolation):
            asked(row, region, mapper, email=f"werk-{local}@elders.example")
    assert not OutgoingMail.objects.exists()


def test_only_a_kwartiermaker_of_the_region_asks_what_is_on_its_map(region, mapper, row) -> None:
    elsewhere = RegionFactory.create()
    stranger = kwartiermaker(elsewhere)
    for actor, where, refusal in (
        (stranger, region, NotAllowed),
        (stranger, elsewhere, Organisation.DoesNotExist),
    ):
        with pytest.raises(refusal):
            asked(row, where, actor)
    assert not PublishingRequest.objects.exists()


def test_what_the_page_did_not_show_is_not_asked(region, mapper, row) -> None:
    with pytest.raises(NewerVersion):
        ask_to_publish(
            organisation_id=row.pk, region=region, email=ADDRESS, shown="0" * 64, actor=mapper, at=AT
        )


def test_who_agrees_to_what_changed_meanwhile_reads_again(region, mapper, row) -> None:
    question = asked(row, region, mapper)
    shown = asked_card(question).digest
    write(row, region, mapper, "public_contact", "020 000 00 00")
    with pytest.raises(NewerVersion):
        agree_by_link(request_id=question.pk, shown=shown, name="Anna", at=LATER)
    assert again(row).published_at is None


def test_what_an_organisation_corrected_is_public_once_it_is_taken_over_word_for_word(
    region, mapper, row
) -> None:
    given = agreed(row, region, mapper, description="Wij zoeken elkaar op.")
    assert (again(row).published_at, again(row).description) == (None, "Zoekt elkaar op.")
    assert again(given).corrected == ["description"]
    seen = card_of(again(row)).digest
    for _click in range(2):
        take_over_corrections(request_id=given.pk, region=region, shown=seen, actor=mapper, at=LATER)
    now = again(row)
    assert (now.published_at, now.description) == (LATER, "Wij zoeken elkaar op.")
    assert shown_card(now, agreement_of(now)).card == agreed_card(given)
    assert acts_on(row)[-3:] == ["agreed", "organisation_changed", "published_as_agreed"]
    assert list(every_violation()) == []


def test_corrections_are_not_taken_over_on_top_of_what_was_not_compared(region, mapper, row) -> None:
    given = agreed(row, region, mapper, description="Wij zoeken elkaar op.")
    seen = card_of(again(row)).digest
    write(row, region, mapper, "public_contact", "020 000 00 00")
    with pytest.raises(NewerVersion):
        take_over_corrections(request_id=given.pk, region=region, shown=seen, actor=mapper, at=LATER)
    stranger = kwartiermaker(RegionFactory.create())
    with pytest.raises(NotAllowed):
        take_over_corrections(request_id=given.pk, region=region, shown=seen, actor=stranger, at=LATER)


def test_visitors_read_what_was_agreed_to_until_it_is_agreed_anew(region, mapper, row) -> None:
    agreed(row, region, mapper)
    write(row, region, mapper, "description", "Iets heel anders.")
    assert shown_card(again(row), agreement_of(row)).card.description == "Zoekt elkaar op."
    newer = agreed(row, region, mapper, at=LATER + timedelta(minutes=2))
    shown = shown_card(again(row), agreement_of(row))
    assert (shown.card.description, shown.agreed_at) == ("Iets heel anders.", newer.answered_at)
    assert PublishingRequest.objects.filter(ended_at=None).count() == 1


def test_what_the_kwartiermaker_publishes_otherwise_is_not_said_to_be_agreed_to(region, mapper, row) -> None:
    agreed(row, region, mapper)
    withdraw_publication(organisation_id=row.pk, actor=mapper, at=LATER)
    publish_organisation(organisation_id=row.pk, actor=mapper, at=LATER)
    # The very text that was agreed to.
    assert shown_card(again(row), agreement_of(row)).agreed_at == AT
    withdraw_publication(organisation_id=row.pk, actor=mapper, at=LATER)
    write(row, region, mapper, "description", "Iets heel anders.")
    publish_organisation(organisation_id=row.pk, actor=mapper, at=LATER)
    shown = shown_card(again(row), agreement_of(row))
    assert (shown.card.description, shown.agreed_at) == ("Iets heel anders.", None)


def test_who_declines_is_not_public_and_nobody_publishes_it_until_it_agrees(region, mapper, row) -> None:
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    question = asked(row, region, mapper)
    decline_by_link(request_id=question.pk, name="", reason="Liever niet.", at=LATER)
    assert (again(row).published_at, again(question).reason) == (None, "Liever niet.")
    with pytest.raises(Declined):
        publish_organisation(organisation_id=row.pk, actor=mapper, at=LATER)
    with pytest.raises(Declined):
        save_cell(
            organisation_id=row.pk,
            region=region,
            field="public",
            value=True,
            seen_version=again(row).version,
            actor=mapper,
            at=LATER,
        )
    assert list(every_violation()) == []
    agreed(row, region, mapper, at=LATER + timedelta(minutes=2))
    assert (again(row).published_at is not None, has_declined(row)) == (True, False)


def test_declining_ends_what_another_region_has_agreed(region, mapper, row) -> None:
    elsewhere = RegionFactory.create()
    row.works_in.add(elsewhere)
    agreed(row, region, mapper)
    question = asked(row, elsewhere, kwartiermaker(elsewhere), email="balie@buurtkring.example")
    decline_by_link(request_id=question.pk, name="Bas", reason="", at=LATER)
    assert (again(row).published_at, agreement_of(row)) == (None, None)


def test_an_agreement_is_withdrawn_as_easily_as_it_was_given(region, mapper, row) -> None:
    given = lasting_of(agreed(row, region, mapper))
    for _click in range(2):
        withdraw_by_link(request_id=given.pk, at=LATER)
    assert (again(row).published_at, again(given).state, again(given).ended_at) == (
        None,
        AgreementState.WITHDRAWN,
        LATER,
    )
    assert OutgoingMail.objects.filter(kind="agreement_refused").count() == 1
    with pytest.raises(Declined):
        publish_organisation(organisation_id=row.pk, actor=mapper, at=LATER)


def test_an_old_link_does_not_withdraw_what_was_agreed_to_since(region, mapper, row) -> None:
    old = agreed(row, region, mapper)
    agreed(row, region, mapper, email="nieuw@buurtkring.example", at=NEXT_DAY)
    with pytest.raises(DeadLink):
        withdraw_by_link(request_id=old.pk, at=NEXT_DAY)
    assert again(row).published_at is not None


@pytest.mark.parametrize("answer", ["agree", "decline", "draft"])
def test_nothing_is_answered_after_the_last_day_after_taking_back_or_off_the_map(
    region, mapper, row, answer: str
) -> None:
    def say(question: PublishingRequest, at: Any) -> None:
        if answer == "agree":
            agree_by_link(request_id=question.pk, shown=card_of(row).digest, name="Anna", at=at)
        elif answer == "decline":
            decline_by_link(request_id=question.pk, name="Anna", reason="", at=at)
        else:
            keep_corrections(request_id=question.pk, typed={"name": "Anders (fictief)"}, at=at)

    late = asked(row, region, mapper)
    with pytest.raises(DeadLink):
        say(late, late.expires_at)
    assert late.expires_at - AT < timedelta(days=DAYS_TO_ANSWER + 1)
    take_back_question(request_id=late.pk, region=region, actor=mapper, at=LATER)
    with pytest.raises(DeadLink):
        say(late, LATER)
    gone = asked(row, region, mapper, at=NEXT_DAY)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=NEXT_DAY)
    with pytest.raises(DeadLink):
        say(gone, NEXT_DAY)


def test_what_declined_comes_back_from_the_bin_not_public(region, mapper, row) -> None:
    given = agreed(row, region, mapper)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=LATER)
    withdraw_by_link(request_id=given.pk, at=LATER)
    put_back(organisation_id=row.pk, region=region, actor=mapper, at=LATER)
    assert again(row).published_at is None
    assert list(every_violation()) == []


def test_what_declined_stays_so_when_it_is_merged_and_when_that_is_undone(region, mapper, row) -> None:
    other = mapped(region, mapper, "Dezelfde kring (fictief)")
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    question = asked(other, region, mapper)
    decline_by_link(request_id=question.pk, name="", reason="", at=LATER)
    merge = merge_organisations(
        one_id=row.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=LATER
    )
    assert (merge.kept, again(row).published_at, has_declined(row)) == (row, None, True)
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert (has_declined(row), has_declined(other)) == (False, True)
    assert list(every_violation()) == []


def test_what_was_agreed_to_in_a_row_that_was_merged_away_can_still_be_withdrawn(region, mapper, row) -> None:
    other = mapped(region, mapper, "Dezelfde kring (fictief)")
    given = agreed(other, region, mapper)
    merge = merge_organisations(
        one_id=row.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=LATER
    )
    shown = shown_card(again(row), agreement_of(row))
    assert (again(row).published_at is not None, shown.agreed_at) == (True, None)
    withdraw_by_link(request_id=given.pk, at=LATER)
    assert (again(row).published_at, has_declined(row)) == (None, True)
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert (has_declined(row), has_declined(other)) == (False, True)
    assert list(every_violation()) == []


def test_undoing_a_merge_brings_the_agreement_back(region, mapper, row) -> None:
    other = mapped(region, mapper, "Dezelfde kring (fictief)")
    given = agreed(other, region, mapper)
    merge = merge_organisations(
        one_id=row.pk, other_id=other.pk, region=region, chosen={}, actor=mapper, at=LATER
    )
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert (agreement_of(other), agreement_of(row)) == (given, None)
    assert shown_card(again(other), agreement_of(other)).agreed_at == AT


def test_what_waits_to_be_taken_over_is_over_once_somebody_else_declines(region, mapper, row) -> None:
    elsewhere = RegionFactory.create()
    row.works_in.add(elsewhere)
    given = agreed(row, region, mapper, description="Wij zoeken elkaar op.")
    question = asked(row, elsewhere, kwartiermaker(elsewhere), email="balie@buurtkring.example")
    decline_by_link(request_id=question.pk, name="", reason="", at=LATER)
    with pytest.raises(RuleViolation):
        take_over_corrections(
            request_id=given.pk, region=region, shown=card_of(again(row)).digest, actor=mapper, at=LATER
        )
    assert again(row).published_at is None


def test_nobody_is_pressed_with_one_question_after_another(region, mapper, row) -> None:
    for day in range(MOST_QUESTIONS):
        asked(row, region, mapper, at=AT + timedelta(days=2 * day))
    with pytest.raises(RuleViolation) as refusal:
        asked(row, region, mapper, email="INFO+x@buurtkring.example", at=AT + timedelta(days=8))
    assert refusal.value.field == "email"
    assert asked(row, region, mapper, at=AT + timedelta(days=DAYS_TO_ANSWER, minutes=1)).pk


def test_a_reminder_goes_out_once_and_both_links_work(region, mapper, row) -> None:
    question = asked(row, region, mapper)
    first = mailed_secret(question)
    assert not remind_of_question(request_id=question.pk, at=AT + timedelta(days=10))
    late = AT + timedelta(days=25)
    assert [remind_of_question(request_id=question.pk, at=late) for _turn in range(2)] == [True, False]
    second = mailed_secret(question)
    assert first != second
    assert [request_with(secret_digest(each)) for each in (first, second)] == [question, question]


def test_the_kwartiermaker_takes_back_a_question_once(region, mapper, row) -> None:
    question = asked(row, region, mapper)
    for _click in range(2):
        take_back_question(request_id=question.pk, region=region, actor=mapper, at=LATER)
    assert acts_on(row) == ["agreement_asked", "agreement_taken_back"]
    with pytest.raises(NotAllowed):
        take_back_question(
            request_id=question.pk, region=region, actor=kwartiermaker(RegionFactory.create()), at=LATER
        )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("publishing_request_answered_as_it_says", {"state": "perhaps"}),
        ("publishing_request_answered_as_it_says", {"state": "agreed"}),
        ("publishing_request_public_once_agreed", {"accepted_at": AT}),
        ("publishing_request_withdrawn_is_over", {"state": "withdrawn", "ended_at": None}),
    ],
)
def test_the_database_refuses_an_answer_that_nobody_gave(region, mapper, row, name: str, values: Any) -> None:
    question = agreed(row, region, mapper) if name.endswith("is_over") else asked(row, region, mapper)
    with refused_by(name):
        PublishingRequest.objects.filter(pk=question.pk).update(**values)


def test_the_database_refuses_two_agreements_and_two_open_questions(region, mapper, row) -> None:
    given = agreed(row, region, mapper)
    values = {
        each.attname: getattr(given, each.attname)
        for each in PublishingRequest._meta.fields
        if each.name != "id"
    }
    other = {**values, "secret_digest": "1" * 64, "lasting_digest": "2" * 64}
    with refused_by("publishing_request_one_in_force"):
        PublishingRequest.objects.create(**other)
    asked(row, region, mapper, at=NEXT_DAY)
    with refused_by("publishing_request_one_open_per_region"):
        PublishingRequest.objects.create(
            organisation=row,
            region=region,
            email=ADDRESS,
            mailbox=ADDRESS,
            asked_by=mapper,
            asked_at=AT,
            expires_at=NEXT_DAY,
            secret_digest="3" * 64,
        )


def test_the_database_refuses_another_text_of_an_agreement(region, mapper, row) -> None:
    given = agreed(row, region, mapper)
    with refused_by("agreed_text_never_changes"):
        PublishingRequest.objects.filter(pk=given.pk).update(text={"name": "Anders"}, text_digest="0" * 64)
