"""The account of a grant counts only after an officer, who did not give it, checked it (rule 30, Awb 4:89)."""

from datetime import timedelta
from typing import Any

import pytest

from decisions.domain.bank_accounts import (
    accept_bank_account,
    accounts_shown,
    give_bank_account,
    send_back_bank_account,
)
from decisions.domain.ibans import masked, normal_iban
from decisions.models import BankAccount
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.producing import fix_moment_of_sending
from organisations.queries import people_who_speak_for
from tests.factories.accounts import UserFactory, person
from tests.factories.scenarios import AT, after_deadline, committee, open_to, produced, released
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

FIRST, SECOND, ABROAD = "NL91ABNA0417164300", "NL20INGB0001234567", "BE68539007547034"


def told() -> Any:
    """A grant whose letter was sent."""
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    send_due_mails(now=lambda: at)
    fix_moment_of_sending(letter_id=case.decision.letter_id, at=at)
    return case


def lead_of(case: Any) -> Any:
    return people_who_speak_for(case.coalition.lead_organisation_id).order_by("pk")[0]


def give(case: Any, iban: str = FIRST, *, shown: str | None = None, actor: Any = None) -> BankAccount:
    return give_bank_account(
        application_id=case.pk,
        iban=iban,
        holder="Stichting Zorg",
        shown=shown,
        actor=actor or lead_of(case),
        at=after_deadline(case, days=31),
    )


def officer_of(case: Any) -> Any:
    officer = committee().officer
    open_to(case, officer)
    return officer


def accept(account: BankAccount, actor: Any, *, shown: str | None = None) -> BankAccount:
    at = account.given_at + timedelta(days=1)
    return accept_bank_account(account_id=account.pk, shown=shown, actor=actor, at=at)


def send_back(account: BankAccount, actor: Any, reason: str = "Andere naam.") -> BankAccount:
    at = account.given_at + timedelta(days=1)
    return send_back_bank_account(account_id=account.pk, reason=reason, shown=None, actor=actor, at=at)


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


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("NL91ABNA0417164301", "een cijfer of letter"),
        ("NL91ABNA041716430", "te kort of te lang"),
        ("GB33BUKB2020155555555593", "een cijfer of letter"),
        ("ZZ38ABNA0417164300", "past niet bij het land"),
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
