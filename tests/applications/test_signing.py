"""The declaration is signed by two, up to a week after submission (rule 10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from applications.domain import links
from applications.domain.signing import (
    NotSubmitted,
    ask_signature,
    extend_signing,
    is_signed,
    sign_by_account,
    sign_by_link,
    signature_due_at,
    signing_states,
)
from applications.domain.signing_reminder import remind_to_sign
from applications.domain.submitting import withdraw
from applications.enums import LinkPurpose, SigningRole
from applications.models import Application, DeclarationSignature
from applications.queries.signing import signing_ends, to_remind_of_signing
from calls.models import Call
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT, moment
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import committee, mailed_link, open_to, ready, sealed, submitted
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

MAIN, SIGNATORY = SigningRole.MAIN_APPLICANT, SigningRole.AUTHORISED_SIGNATORY
TICK = timedelta(microseconds=1)


@pytest.fixture
def case():
    return submitted(signed=False)


def ask(case: Any, role: SigningRole = SIGNATORY, at: Any = AT) -> Any:
    link = ask_signature(application_id=case.pk, role=role, actor=case.applicant, at=at)
    return mailed_link(link.email, LinkPurpose.SIGN)


def by_account(case: Any, actor: Any, role: SigningRole = MAIN, at: Any = AT) -> DeclarationSignature:
    return sign_by_account(application_id=case.pk, role=role, actor=actor, at=at)


def test_asking_is_idempotent_within_the_cool_down_for_each_role(case) -> None:
    assert ask(case) == ask(case)
    assert ask(case, MAIN) != ask(case, SIGNATORY)
    assert OutgoingMail.objects.filter(kind="signature_request").count() == 2


def test_a_draft_has_no_term_to_sign_and_nobody_is_reminded_of_it() -> None:
    draft = ready()
    assert signature_due_at(draft) is None
    assert remind_to_sign(application_id=draft.pk, at=AT) == 0


def test_a_submission_waits_for_two_signatures(case) -> None:
    assert not is_signed(case)
    by_account(case, case.applicant)
    case.refresh_from_db()
    assert not is_signed(case)
    sign_by_link(link=ask(case), name="De bestuurder", at=AT + TICK)
    case.refresh_from_db()
    assert case.fully_signed_at == AT + TICK
    assert is_signed(case)
    assert [(each.role, each.signature is not None) for each in signing_states(case)] == [
        (MAIN, True),
        (SIGNATORY, True),
    ]


def test_a_signature_is_under_the_frozen_bytes_and_the_words_of_the_declaration(case) -> None:
    signature = by_account(case, case.applicant)
    assert signature.content_sha256 == case.frozen.sha256
    assert signature.declaration == case.call.declaration_text
    assert (signature.user, signature.link, signature.signed_at) == (case.applicant, None, AT)


@pytest.mark.parametrize(
    ("late", "is_over"), [(-TICK, False), (timedelta(0), True), (timedelta(days=30), True)]
)
def test_it_may_follow_up_to_a_week_after_submission(case, late: timedelta, is_over: bool) -> None:
    due = signature_due_at(case)
    assert due == AT + timedelta(days=7)
    link = ask(case)
    if is_over:
        for act in (
            lambda: by_account(case, case.applicant, at=due + late),
            lambda: ask(case, at=due + late),
        ):
            with pytest.raises(RuleViolation):
                act()
        with pytest.raises(RuleViolation):
            sign_by_link(link=link, name="De bestuurder", at=due + late)
    else:
        assert by_account(case, case.applicant, at=due + late)


@pytest.mark.parametrize(
    ("submitted_at", "ends_at"),
    [("2026-10-22T16:30", "2026-10-29T16:30"), ("2027-03-25T10:00", "2027-04-01T10:00")],
)
def test_the_term_ends_at_the_same_time_of_day_over_a_change_of_the_clock(
    case, submitted_at: str, ends_at: str
) -> None:
    """Rule 36: in code and in the query that reminds and checks."""
    Application.objects.filter(pk=case.pk).update(submitted_at=moment(submitted_at))
    moved = Application.objects.annotate(ends_at=signing_ends()).get(pk=case.pk)
    assert (signature_due_at(moved), moved.ends_at) == (moment(ends_at), moment(ends_at))


def test_it_may_follow_after_the_round_was_sealed() -> None:
    case = sealed(submitted(signed=False))
    assert by_account(case, case.applicant, at=AT + timedelta(days=6))


def test_a_draft_or_what_was_withdrawn_is_not_signed(case) -> None:
    draft = ready(coalition_name="Andere")
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    for each, why in (
        (draft, "De verklaring wordt ondertekend nadat de aanvraag is ingediend."),
        (case, "Deze aanvraag is ingetrokken. U hoeft niet meer te ondertekenen."),
    ):
        with pytest.raises(NotSubmitted, match=f"^{why}$"):
            by_account(each, each.applicant)


def test_only_the_person_that_is_named_signs_by_account(case) -> None:
    for outsider in (
        UserFactory.create(),
        speaker_for(case.lead),
        speaker_for(case.partners[0].organisation),
    ):
        with pytest.raises(NotAllowed):
            by_account(case, outsider)
    with pytest.raises(NotAllowed):
        by_account(case, case.applicant, role=SIGNATORY)
    assert by_account(case, UserFactory.create(email=case.people.signatory_email), role=SIGNATORY)


def test_a_signature_is_given_once(case) -> None:
    by_account(case, case.applicant)
    with pytest.raises(RuleViolation):
        by_account(case, case.applicant)
    with pytest.raises(RuleViolation):
        ask(case, MAIN)


def test_a_link_signs_once_and_a_newer_one_replaces_it(case) -> None:
    older, newer = ask(case), ask(case, at=AT + timedelta(hours=1))
    with pytest.raises(DeadLink):
        sign_by_link(link=older, name="x", at=AT)
    sign_by_link(link=newer, name="De bestuurder", at=AT)
    with pytest.raises(RuleViolation):
        sign_by_link(link=newer, name="x", at=AT)
    assert DeclarationSignature.objects.count() == 1


def test_signing_by_account_withdraws_the_mailed_link(case) -> None:
    link = ask(case, MAIN)
    by_account(case, case.applicant)
    link.refresh_from_db()
    assert link.withdrawn_at == AT


def test_only_the_lead_asks(case) -> None:
    with pytest.raises(NotAllowed):
        ask_signature(application_id=case.pk, role=MAIN, actor=UserFactory.create(), at=AT)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_a_change_of_a_signature(case, act: str) -> None:
    by_account(case, case.applicant)
    rows = DeclarationSignature.objects.all()
    with refused_by("declaration_signature_never_changes"):
        rows.update(name="Ander") if act == "update" else rows._raw_delete(rows.db)


def test_the_database_refuses_a_second_signature_and_one_of_nobody(case) -> None:
    signature = by_account(case, case.applicant)
    copy = {
        "application": case,
        "name": "x",
        "content_sha256": signature.content_sha256,
        "declaration": "x",
        "signed_at": AT,
    }
    with refused_by("declaration_signed_once_per_role"):
        DeclarationSignature.objects.create(role=MAIN, user=case.applicant, **copy)
    with refused_by("declaration_signed_by_link_or_account"):
        DeclarationSignature.objects.create(role=SIGNATORY, **copy)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_sign_once(case) -> None:
    outcomes = race(*(lambda: by_account(case, case.applicant) for _each in range(2)))
    assert sorted(type(each).__name__ for each in outcomes) == ["DeclarationSignature", "RuleViolation"]


def due(case: Any) -> datetime:
    """Return when the term to sign ends."""
    ends = signature_due_at(case)
    assert ends is not None
    return ends


def requests_to(case: Any, role: SigningRole = SIGNATORY) -> int:
    email = case.people.signatory_email if role == SIGNATORY else case.people.main_applicant_email
    return OutgoingMail.objects.filter(kind="signature_request", recipient=email).count()


class TestBeingAsked:
    def test_who_does_not_submit_is_mailed_a_link_at_once(self, case) -> None:
        assert case.people.main_applicant_email == case.submitted_by.email
        assert (requests_to(case, MAIN), requests_to(case)) == (0, 1)
        sign_by_link(
            link=mailed_link(case.people.signatory_email, LinkPurpose.SIGN), name="De bestuurder", at=AT
        )
        assert [each.role for each in case.signatures.all()] == [SIGNATORY]

    def test_a_limit_on_mails_stops_no_submission(self, monkeypatch) -> None:
        monkeypatch.setattr(links, "MAX_MAILS_PER_PERSON", 1)
        case = submitted(signed=False)
        assert (case.status, requests_to(case)) == ("submitted", 0)

    def test_who_did_not_sign_is_reminded_once_two_days_before_the_end(self, case) -> None:
        """Rule 36."""
        by_account(case, case.applicant)
        begins = due(case) - timedelta(days=2)
        assert list(to_remind_of_signing(at=begins - TICK)) == []
        assert list(to_remind_of_signing(at=begins)) == [case]
        assert [remind_to_sign(application_id=case.pk, at=begins) for _each in range(2)] == [1, 0]
        assert list(to_remind_of_signing(at=begins + timedelta(hours=1))) == []
        assert (requests_to(case, MAIN), requests_to(case)) == (0, 2)
        latest = OutgoingMail.objects.filter(recipient=case.people.signatory_email).latest("pk")
        assert latest.subject == f"Herinnering: onderteken de verklaring bij aanvraag {case.reference}"

    def test_the_call_says_how_many_days_before_the_end(self, case) -> None:
        Call.objects.filter(pk=case.call_id).update(signing_reminder_days=3)
        begins = due(case) - timedelta(days=3)
        assert list(to_remind_of_signing(at=begins - TICK)) == []
        assert list(to_remind_of_signing(at=begins)) == [case]
        assert remind_to_sign(application_id=case.pk, at=begins) == 2

    def test_both_are_reminded_when_neither_signed(self, case) -> None:
        assert remind_to_sign(application_id=case.pk, at=due(case) - TICK) == 2
        assert list(to_remind_of_signing(at=due(case) - TICK)) == []

    def test_nobody_is_reminded_after_the_term_or_of_what_is_signed_or_withdrawn(self, case) -> None:
        ends = due(case)
        assert remind_to_sign(application_id=case.pk, at=ends) == 0
        assert list(to_remind_of_signing(at=ends)) == []
        signed, gone = submitted(), submitted(signed=False)
        withdraw(application_id=gone.pk, actor=gone.applicant, at=AT)
        assert list(to_remind_of_signing(at=ends - TICK)) == [case]
        assert remind_to_sign(application_id=signed.pk, at=ends - TICK) == 0

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_remind_once(self) -> None:
        case = submitted(signed=False)
        at = due(case) - TICK
        assert sorted(race(*(lambda: remind_to_sign(application_id=case.pk, at=at),) * 2)) == [0, 2]


class TestMoreTime:
    LATE = AT + timedelta(days=8)

    def extend(self, case: Any, actor: Any, at: Any = LATE) -> Any:
        return extend_signing(application_id=case.pk, actor=actor, at=at)

    @pytest.fixture
    def officer(self, case) -> Any:
        officer = committee().officer
        open_to(case, officer)
        return officer

    def test_an_officer_gives_the_term_once_more_and_all_who_lack_are_mailed(self, case, officer) -> None:
        """Rule 36."""
        by_account(case, case.applicant)
        extended = self.extend(case, officer)
        assert signature_due_at(extended) == self.LATE + timedelta(days=7)
        assert (requests_to(case, MAIN), requests_to(case)) == (0, 2)
        link = mailed_link(case.people.signatory_email, LinkPurpose.SIGN)
        sign_by_link(link=link, name="De bestuurder", at=self.LATE + timedelta(days=7) - TICK)
        case.refresh_from_db()
        assert is_signed(case)
        assert list(every_violation()) == []

    def test_extending_is_idempotent_within_the_cool_down(self, case, officer) -> None:
        first = self.extend(case, officer).signing_extended_until
        assert self.extend(case, officer, self.LATE + timedelta(seconds=2)).signing_extended_until == first
        assert requests_to(case) == 2

    def test_who_is_reminded_in_the_time_that_was_given(self, case, officer) -> None:
        ends = due(self.extend(case, officer))
        assert list(to_remind_of_signing(at=ends - timedelta(days=2))) == [case]

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.RELEASER, Role.ADMINISTRATOR])
    def test_others_give_no_time(self, case, role: Role) -> None:
        actor = person(role)
        if role != Role.ADMINISTRATOR:
            open_to(case, actor)
        with pytest.raises(NotAllowed):
            self.extend(case, actor)

    def test_an_officer_who_has_not_declared_gives_no_time(self, case) -> None:
        with pytest.raises(NotAllowed):
            self.extend(case, person(Role.OFFICER))

    def test_there_is_no_time_to_give_for_what_is_signed(self) -> None:
        case, officer = submitted(), person(Role.OFFICER)
        open_to(case, officer)
        with pytest.raises(RuleViolation):
            self.extend(case, officer)


def test_more_time_to_sign_comes_after_submission(case) -> None:
    with refused_by("application_more_time_to_sign_after_submission"):
        Application.objects.filter(pk=case.pk).update(signing_extended_until=AT)
