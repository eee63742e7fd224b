"""The account of a grant counts only after an officer, who did not give it, checked it (rule 30, Awb 4:89)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from decisions.domain import bank_accounts
from decisions.domain.bank_accounts import accounts_shown, give_bank_account, same_name
from decisions.domain.ibans import in_groups, masked, normal_iban
from decisions.models import BankAccount
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion, SomebodyWasFirst
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import dispute_colleague
from organisations.models import Representative
from tests.factories.accounts import UserFactory, person
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.paying import (
    ABROAD,
    FIRST,
    SECOND,
    accept,
    give,
    lead_of,
    officer_of,
    send_back,
    told,
)
from tests.factories.scenarios import AT, after_deadline, committee, open_to, released
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def states() -> list[tuple[str, str]]:
    return list(BankAccount.objects.order_by("pk").values_list("iban", "state"))


def test_a_new_number_waits_and_the_old_one_counts_until_it_is_accepted() -> None:
    case = told()
    officer = officer_of(case)
    accept(give(case), officer)
    second = give(case, SECOND)
    assert states() == [(FIRST, "counts"), (SECOND, "waiting")]
    accept(second, officer)
    assert states() == [(FIRST, "replaced"), (SECOND, "counts")]
    assert list(every_violation()) == []


def test_what_is_sent_back_leaves_what_counts_and_a_newer_number_takes_the_place_of_one_that_waits() -> None:
    case = told()
    officer = officer_of(case)
    accept(give(case), officer)
    with pytest.raises(RuleViolation):
        send_back(give(case, SECOND), officer, reason=" ")
    send_back(BankAccount.objects.get(state="waiting"), officer)
    give(case, SECOND)
    give(case, ABROAD)
    assert states() == [
        (FIRST, "counts"), (SECOND, "sent_back"), (SECOND, "replaced"), (ABROAD, "waiting"),
    ]  # fmt: skip


def test_a_second_click_changes_nothing() -> None:
    case = told()
    officer = officer_of(case)
    account = give(case)
    assert give(case, "nl91 abna 0417 1643 00", shown="") == account
    assert accept(account, officer) == accept(account, officer)
    assert AuditEvent.objects.filter(act__startswith="decisions.bank_account").count() == 2


def test_only_who_speaks_for_the_lead_of_a_grant_that_was_told_gives_it() -> None:
    case = told()
    for other in (UserFactory(), officer_of(case), committee().chair, person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            give(case, actor=other)


def test_before_the_letter_was_sent_nobody_gives_it() -> None:
    case = released()
    with pytest.raises(NotAllowed):
        give(case)


def test_only_another_officer_to_whom_it_is_open_checks_it() -> None:
    case = told()
    account = give(case)
    stranger = person(Role.OFFICER)
    for other in (lead_of(case), stranger, committee().chair, committee().releaser):
        with pytest.raises(NotAllowed):
            accept(account, other)
    assert states() == [(FIRST, "waiting")]


def test_what_was_shown_is_compared() -> None:
    case = told()
    officer = officer_of(case)
    first, shown = give(case), accounts_shown(case)
    give(case, SECOND, shown=shown)
    with pytest.raises(NewerVersion):
        accept(first, officer, shown=shown)
    with pytest.raises(NewerVersion):
        give(case, ABROAD, shown=shown)
    assert states() == [(FIRST, "replaced"), (SECOND, "waiting")]


def test_who_is_disputed_puts_nothing_in_the_place_of_what_a_colleague_gave() -> None:
    """Rule 27."""
    case = told()
    give(case)
    disputed = speaker_for(case.lead)
    dispute_colleague(
        representative_id=disputed.representations.get().pk, reason="Weg.", actor=lead_of(case), at=AT
    )
    with pytest.raises(RuleViolation, match="zoekt dat eerst uit"):
        give(case, SECOND, actor=disputed)
    assert states() == [(FIRST, "waiting")]


def test_everybody_who_answers_for_it_is_mailed_with_the_number_masked() -> None:
    case = told()
    officer = officer_of(case)
    accept(give(case), officer)
    mails = OutgoingMail.objects.filter(kind="bank_account")
    people = case.people
    expected = {people.main_applicant_email, people.signatory_email, people.leader_email, lead_of(case).email}
    assert {each.recipient for each in mails} == expected
    assert mails.count() == 2 * len(expected)
    assert all("NL.. 4300" in each.body and FIRST not in each.body for each in mails)
    # Who is only named opens no page of it.
    led = {
        each.recipient: reverse("applications:status", args=[case.reference]) in each.body for each in mails
    }
    speaking = {lead_of(case).email, people.main_applicant_email}
    assert {each for each, is_led in led.items() if is_led} == speaking
    assert f"Vraag het aan {case.lead.name}." in mails.filter(recipient=people.leader_email)[0].body


@pytest.mark.django_db(transaction=True)
def test_of_an_acceptance_and_another_number_at_once_the_later_meets_what_changed() -> None:
    case = told()
    officer, lead = officer_of(case), lead_of(case)
    account = give(case)
    shown = accounts_shown(case)
    race(
        lambda: accept(account, officer, shown=shown),
        lambda: give(case, SECOND, shown=shown, actor=lead),
    )
    assert states() in ([(FIRST, "counts")], [(FIRST, "replaced"), (SECOND, "waiting")])


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_the_second_meets_what_the_first_made_of_it() -> None:
    case = told()
    first, second = officer_of(case), person(Role.OFFICER)
    open_to(case, second)
    account = give(case)
    shown = accounts_shown(case)
    outcomes = race(lambda: accept(account, first, shown=shown), lambda: send_back(account, second))
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [type(each) for each in refused] == [NewerVersion]
    [(_number, state)] = states()
    assert state == ("counts" if isinstance(outcomes[0], BankAccount) else "sent_back")
    assert AuditEvent.objects.filter(act__startswith="decisions.bank_account").count() == 2


@pytest.mark.parametrize("settle", [accept, send_back])
def test_what_no_longer_waits_is_settled_by_nobody(settle: Callable[..., BankAccount]) -> None:
    case = told()
    officer = officer_of(case)
    other = send_back if settle is accept else accept
    account = give(case)
    other(account, officer)
    before = states()
    with pytest.raises(NewerVersion):
        settle(account, officer)
    assert states() == before


def test_who_gave_it_is_told_too_when_they_speak_for_the_organisation_no_more() -> None:
    case = told()
    officer, colleague = officer_of(case), UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    account = give(case, actor=colleague)
    Representative.objects.filter(user=colleague).delete()
    send_back(account, officer)
    assert OutgoingMail.objects.filter(kind="bank_account", recipient=colleague.email).count() == 2


def test_a_mailbox_gets_no_more_mails_than_a_day_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    case = told()
    monkeypatch.setattr(bank_accounts, "MAX_ACCOUNTS_A_DAY", 2)
    give(case)
    give(case, SECOND)
    with pytest.raises(TooMuch):
        give(case, ABROAD)
    assert states() == [(FIRST, "replaced"), (SECOND, "waiting")]


def test_what_is_wrong_names_its_field() -> None:
    case = told()
    for values, field in (
        ({"iban": "NL91"}, "iban"),
        ({"holder": " \u200b "}, "holder"),
        ({"holder": "x" * 151}, "holder"),
    ):
        typed = {"iban": FIRST, "holder": "Stichting Zorg", **values}
        with pytest.raises(RuleViolation) as refused:
            give_bank_account(
                application_id=case.pk,
                **typed,
                shown=None,
                actor=lead_of(case),
                at=after_deadline(case, days=31),
            )
        assert refused.value.field == field
    officer = officer_of(case)
    account = give(case)
    for reason in ("", "x" * 501):
        with pytest.raises(RuleViolation) as refused:
            send_back(account, officer, reason=reason)
        assert refused.value.field == "reason"
    assert states() == [(FIRST, "waiting")]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Stichting Zorg", "STICHTING  ZORG.", True),
        ("Coöperatie Één", "cooperatie een", True),
        ("Stichting Zorg", "Zorg", False),
        ("Stichting Zorg 1", "Stichting Zorg 2", False),
    ],
)
def test_names_are_the_same_whatever_their_capitals_and_signs(one: str, other: str, is_same: bool) -> None:
    assert same_name(one, other) is is_same


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("NL91ABNA0417164301", "een cijfer of letter"),
        ("NL91ABNA041716430", "te kort of te lang"),
        ("GB33BUKB2020155555555593", "een cijfer of letter"),
        ("ZZ38ABNA0417164300", "past niet bij het land"),
        ("NL91" + "1" * 9000, "te kort of te lang"),
        ("BE68" + "1" * 9000, "geen IBAN"),
        ("rekening", "geen IBAN"),
        ("", "geen IBAN"),
    ],
)
def test_what_is_wrong_with_an_iban_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(RuleViolation, match=sentence):
        normal_iban(typed)


def test_an_iban_is_taken_as_people_write_it_and_shown_masked() -> None:
    assert normal_iban(" nl91 abna\u00a00417 1643 00") == FIRST
    assert normal_iban("BE68 5390 0754 7034") == ABROAD
    assert normal_iban("NL91.ABNA-0417.1643.00") == FIRST
    assert in_groups(FIRST) == "NL91 ABNA 0417 1643 00"
    assert masked(FIRST) == "NL.. 4300"


class TestDatabase:
    def test_a_number_never_changes_or_goes(self) -> None:
        give(told())
        rows = BankAccount.objects.all()
        with refused_by("bank_account_never_changes"):
            rows.update(iban=SECOND)
        with refused_by("bank_account_never_changes"):
            rows._raw_delete(rows.db)

    @pytest.mark.parametrize(
        ("name", "changes"),
        [
            (
                "bank_account_one_waits_per_application",
                {"state": "waiting", "checked_by": None, "checked_at": None},
            ),
            ("bank_account_one_counts_per_application", {}),
            ("bank_account_checked_by_somebody_else", {"state": "replaced", "checked_by": "giver"}),
            ("bank_account_state_fits_its_check", {"state": "sent_back"}),
            ("bank_account_written_as_iban", {"state": "replaced", "iban": "nl91"}),
        ],
    )
    def test_the_database_refuses(self, name: str, changes: dict[str, Any]) -> None:
        case = told()
        officer = officer_of(case)
        accept(give(case), officer)
        give(case, SECOND)
        lead = lead_of(case)
        values = {
            "application": case, "iban": ABROAD, "holder": "x", "given_by": lead, "given_at": AT,
            "state": "counts", "checked_by": officer, "checked_at": AT, **changes,
        }  # fmt: skip
        if values["checked_by"] == "giver":
            values["checked_by"] = lead
        with refused_by(name):
            BankAccount.objects.create(**values)


def test_who_sends_back_second_hears_that_the_own_reason_was_not_kept() -> None:
    """Rule 32."""
    case = told()
    account, other = give(case), person(Role.OFFICER)
    open_to(case, other)
    send_back(account, officer_of(case), reason="Andere naam.")
    with pytest.raises(SomebodyWasFirst):
        send_back(account, other, reason="Ander land.")
    assert BankAccount.objects.get().reason == "Andere naam."
