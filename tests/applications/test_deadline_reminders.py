"""Reminders of deadlines: once to each person who has something to do, and of nothing else (rules 26 and 36)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from applications.domain import deadline_reminders
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.deadline_reminders import choose_reminders, remind_of_deadlines, remind_partner
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import submit, withdraw
from applications.enums import ConsentAnswer, ReminderKind
from applications.models import DeadlineReminder, MutedReminder
from applications.queries.deadlines import partners_to_remind, to_remind_of_deadlines
from calls.models import Call, ReviewRound
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, log_in
from tests.factories.drafts import write_sections
from tests.factories.moments import AT, FIRST_DEADLINE, LAST_DEADLINE
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import mailed_link, ready, started, submitted, written
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)
WEEK_BEFORE = FIRST_DEADLINE - timedelta(days=7)
TWO_DAYS_BEFORE = FIRST_DEADLINE - timedelta(hours=48)
# What was received in time may take as long to come in.
TOLD_AFTER = FIRST_DEADLINE + timedelta(seconds=120)


def swept(at: Any) -> int:
    """Do what the sweep does at a moment, and return how many mails it wrote."""
    return sum(remind_of_deadlines(person_id=each.pk, at=at) for each in to_remind_of_deadlines(at=at))


def swept_partners(at: Any) -> int:
    return sum(remind_partner(link_id=each.pk, at=at) for each in partners_to_remind(at=at))


def subjects(kind: str) -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.filter(kind=kind).order_by("recipient", "pk")
    return list(mails.values_list("recipient", "subject"))


class TestBeforeADeadline:
    def test_a_week_and_48_hours_before_it_who_has_a_draft_is_mailed_once(self) -> None:
        case = started()
        moments = [
            (WEEK_BEFORE - TICK, 0), (WEEK_BEFORE, 1), (WEEK_BEFORE, 0), (TWO_DAYS_BEFORE - TICK, 0),
            (TWO_DAYS_BEFORE, 1), (FIRST_DEADLINE - TICK, 0),
        ]  # fmt: skip
        assert [swept(at) for at, _mails in moments] == [mails for _at, mails in moments]
        subject = "Dien in vóór 14 mei 2024, 14:00: Coalitievorming regionale participatiehubs"
        assert subjects("deadline_near") == [(case.applicant.email, subject)] * 2

    def test_it_leads_to_the_draft_ends_with_the_choice_and_is_not_sent_after_the_deadline(self) -> None:
        case = started()
        swept(WEEK_BEFORE)
        mail = OutgoingMail.objects.get(kind="deadline_near")
        assert mail.body.startswith(f"Beste {case.applicant.full_name},\n")
        assert f"{case.reference}: http://localhost:8000/aanvragen/{case.reference}/\n" in mail.body
        assert "http://localhost:8000/aanvragen/herinneringen/\n" in mail.body
        assert (mail.send_before, mail.about) == (FIRST_DEADLINE, case.reference)

    def test_who_has_two_drafts_gets_one_mail_of_both(self) -> None:
        case = started()
        other = started(
            call=case.call, region=case.coalition.region, lead=case.lead, applicant=case.applicant,
            coalition_name="Tweede (fictief)",
        )  # fmt: skip
        assert swept(WEEK_BEFORE) == 1
        body = OutgoingMail.objects.get(kind="deadline_near").body
        assert [each in body for each in (case.reference, other.reference)] == [True, True]

    def test_colleagues_who_may_write_are_mailed_and_nobody_else(self) -> None:
        case = started()
        colleague = speaker_for(case.lead)
        speaker_for(case.partners[0].organisation)
        UserFactory.create()
        assert swept(WEEK_BEFORE) == 2
        assert {each for each, _subject in subjects("deadline_near")} == {
            case.applicant.email, colleague.email,
        }  # fmt: skip

    def test_what_was_submitted_or_withdrawn_reminds_nobody(self) -> None:
        """Also where it happens between finding who is due and writing the mail."""
        submitted()
        gone = started(coalition_name="Weg (fictief)")
        withdraw(application_id=gone.pk, actor=gone.applicant, at=AT)
        late = ready(coalition_name="Net op tijd (fictief)")
        found = list(to_remind_of_deadlines(at=WEEK_BEFORE))
        assert found == [late.applicant]
        first = late.call.rounds.get(number=1)
        submit(application_id=late.pk, actor=late.applicant, for_round_id=first.pk, at=WEEK_BEFORE)
        assert remind_of_deadlines(person_id=found[0].pk, at=WEEK_BEFORE) == 0
        assert subjects("deadline_near") == []

    def test_who_never_confirmed_an_address_or_cannot_log_in_gets_no_mail(self) -> None:
        case = started()
        EmailAddress.objects.filter(user=case.applicant).update(verified=False)
        assert swept(WEEK_BEFORE) == 0
        EmailAddress.objects.filter(user=case.applicant).update(verified=True)
        case.applicant.is_active = False
        case.applicant.save()
        assert swept(WEEK_BEFORE) == 0

    def test_who_just_began_is_not_reminded_at_once(self) -> None:
        started(at=WEEK_BEFORE)
        assert [swept(WEEK_BEFORE + timedelta(hours=1)), swept(TWO_DAYS_BEFORE)] == [0, 1]

    def test_the_call_says_how_long_before(self) -> None:
        case = started()
        Call.objects.filter(pk=case.call_id).update(deadline_reminder_days=3, deadline_reminder_hours=5)
        days, hours = timedelta(days=3), timedelta(hours=5)
        moments = [days + TICK, days, hours + TICK, hours]
        assert [swept(FIRST_DEADLINE - each) for each in moments] == [0, 1, 0, 1]

    def test_a_practice_call_reminds_as_well(self) -> None:
        case = started()
        Call.objects.filter(pk=case.call_id).update(is_rehearsal=True)
        assert swept(WEEK_BEFORE) == 1

    def test_a_shifted_deadline_mails_each_kind_once_in_all(self) -> None:
        case = started()
        assert swept(WEEK_BEFORE) == 1
        later = FIRST_DEADLINE + timedelta(days=14)
        ReviewRound.objects.filter(call=case.call, number=2).update(opens_at=later)
        ReviewRound.objects.filter(call=case.call, number=1).update(deadline_at=later)
        moments = [TWO_DAYS_BEFORE, later - timedelta(days=7), later - timedelta(hours=48), later - TICK]
        assert [swept(at) for at in moments] == [0, 0, 1, 0]

    def test_a_worker_that_is_killed_leaves_neither_a_mail_nor_a_mark(self, monkeypatch) -> None:
        started()
        with monkeypatch.context() as killed:
            killed.setattr(deadline_reminders, "_keep", lambda *_each, **_names: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                swept(WEEK_BEFORE)
        assert subjects("deadline_near") == []
        assert swept(WEEK_BEFORE) == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_mail_once(self) -> None:
        person = started().applicant
        both = (lambda: remind_of_deadlines(person_id=person.pk, at=WEEK_BEFORE),) * 2
        assert sorted(race(*both)) == [0, 1]


class TestAfterADeadline:
    def test_a_draft_is_ready_for_the_next_round(self) -> None:
        case = started()
        assert [swept(FIRST_DEADLINE), swept(TOLD_AFTER - TICK), swept(TOLD_AFTER), swept(TOLD_AFTER)] == [
            0,
            0,
            1,
            0,
        ]
        subject = "Niet ingediend: uw concept staat klaar voor ronde 2 van Coalitievorming regionale participatiehubs"
        assert subjects("deadline_passed") == [(case.applicant.email, subject)]
        body = OutgoingMail.objects.get(kind="deadline_passed").body
        assert "voor ronde 2, vóór dinsdag 11 juni 2024, 14:00" in body

    def test_after_the_last_round_the_call_has_closed(self) -> None:
        started()
        assert swept(LAST_DEADLINE + timedelta(minutes=5)) == 1
        [(_recipient, subject)] = subjects("deadline_passed")
        assert subject == "Niet ingediend: Coalitievorming regionale participatiehubs is gesloten"

    def test_nobody_is_told_of_what_passed_long_ago_or_before_they_began(self) -> None:
        started()
        assert swept(FIRST_DEADLINE + timedelta(days=7)) == 0
        assert swept(LAST_DEADLINE + timedelta(days=7)) == 0
        started(coalition_name="Later (fictief)", at=FIRST_DEADLINE)
        assert len(to_remind_of_deadlines(at=TOLD_AFTER)) == 1

    def test_what_was_submitted_in_time_is_told_nothing(self) -> None:
        submitted()
        assert swept(TOLD_AFTER) == 0


class TestPartners:
    ASKED = AT

    def asked(self) -> Any:
        case = written()
        [partner] = case.partners
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=self.ASKED)
        case.refresh_from_db()
        return case, partner

    def test_who_did_not_answer_is_reminded_without_a_secret_and_the_link_still_works(self) -> None:
        case, partner = self.asked()
        link = mailed_link(partner.contact_email)
        moments = [WEEK_BEFORE - TICK, WEEK_BEFORE, WEEK_BEFORE, TWO_DAYS_BEFORE, TWO_DAYS_BEFORE]
        assert [swept_partners(at) for at in moments] == [0, 1, 0, 1, 0]
        subject = (
            f"Herinnering: {case.coalition.lead_name} wacht op uw antwoord over een aanvraag in "
            f"{case.coalition.region.name}"
        )
        assert subjects("consent_reminder") == [(partner.contact_email, subject)] * 2
        mail = OutgoingMail.objects.filter(kind="consent_reminder").first()
        assert "/instemmen/" not in mail.body
        assert case.title not in mail.body
        assert mailed_link(partner.contact_email) == link
        self.answer(case, link, ConsentAnswer.GIVEN, at=TWO_DAYS_BEFORE)

    def answer(self, case: Any, link: Any, answer: ConsentAnswer, at: Any = AT) -> None:
        answer_by_link(
            link=link, answer=answer, reason="Geen tijd.", given_by_name="Partner",
            seen_digest=reading_digest(snapshot_of(case)), signed_in_as=None, at=at,
        )  # fmt: skip

    @pytest.mark.parametrize("answer", list(ConsentAnswer))
    def test_who_answered_is_not_reminded(self, answer) -> None:
        case, partner = self.asked()
        self.answer(case, mailed_link(partner.contact_email), answer)
        assert swept_partners(WEEK_BEFORE) == 0

    def test_nobody_is_reminded_of_a_withdrawn_draft_or_a_link_that_ended(self) -> None:
        case, partner = self.asked()
        link = mailed_link(partner.contact_email)
        assert list(partners_to_remind(at=link.expires_at)) == []
        partner.contact_email = "anders@voorbeeld.example"
        partner.save()
        assert list(partners_to_remind(at=WEEK_BEFORE)) == []
        partner.contact_email = link.email
        partner.save()
        assert list(partners_to_remind(at=WEEK_BEFORE)) == [link]
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        assert remind_partner(link_id=link.pk, at=WEEK_BEFORE) is False

    def test_a_partner_with_an_account_can_want_none(self) -> None:
        _case, partner = self.asked()
        owner = UserFactory.create(email=partner.contact_email)
        choose_reminders(wanted=[ReminderKind.FIRST], actor=owner)
        assert [swept_partners(WEEK_BEFORE), list(partners_to_remind(at=WEEK_BEFORE))] == [0, []]

    def test_a_stranger_who_names_the_address_switches_nothing_off(self) -> None:
        _case, partner = self.asked()
        stranger = UserFactory.create(email=partner.contact_email)
        EmailAddress.objects.filter(user=stranger).update(verified=False)
        choose_reminders(wanted=[], actor=stranger)
        assert swept_partners(WEEK_BEFORE) == 1


class TestChoosing:
    def test_what_somebody_does_not_want_is_not_mailed_and_not_tried_again(self) -> None:
        case = started()
        choose_reminders(wanted=[ReminderKind.LAST], actor=case.applicant)
        assert [swept(WEEK_BEFORE), list(to_remind_of_deadlines(at=WEEK_BEFORE))] == [0, []]
        assert [swept(TWO_DAYS_BEFORE), swept(TOLD_AFTER)] == [1, 0]
        kept = DeadlineReminder.objects.order_by("pk").values_list("kind", "was_mailed")
        assert list(kept) == [("first", False), ("last", True), ("passed", False)]

    def test_the_page_shows_and_keeps_the_choice_and_says_what_cannot_be_switched_off(self, client) -> None:
        log_in(client, UserFactory.create())
        address = reverse("applications:reminders")
        shown = client.get(address).content.decode()
        assert shown.count("checked") == len(ReminderKind)
        assert "kunt u niet uitzetten" in shown
        for _each in range(2):
            answer = client.post(address, {"wanted": ["last", "partner"]})
            assert (answer.status_code, answer.headers["Location"]) == (302, address)
        assert client.get(address).content.decode().count("checked") == 2
        assert MutedReminder.objects.count() == len(ReminderKind) - 2
        assert client.post(address, {"wanted": ["letter"]}).status_code == 422


def test_a_reminder_is_of_a_writer_or_of_a_request() -> None:
    values = {"review_round": started().call.rounds.get(number=1), "made_at": AT, "was_mailed": True}
    with refused_by("deadline_reminder_to_a_writer_or_a_partner"):
        DeadlineReminder.objects.create(kind="first", **values)


def test_a_reminder_and_a_choice_are_kept_once() -> None:
    case = started()
    write_sections(case)
    [partner] = case.partners
    link = ask_consent(
        application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT
    )  # fmt: skip
    values = {
        "review_round": case.call.rounds.get(number=1), "kind": "first", "made_at": AT, "was_mailed": True,
    }  # fmt: skip
    DeadlineReminder.objects.create(user=case.applicant, **values)
    DeadlineReminder.objects.create(link=link, **values)
    MutedReminder.objects.create(user=case.applicant, kind="first")
    with refused_by("deadline_reminder_once_per_writer"):
        DeadlineReminder.objects.create(user=case.applicant, **values)
    with refused_by("deadline_reminder_once_per_request"):
        DeadlineReminder.objects.create(link=link, **values)
    with refused_by("muted_reminder_once_per_kind"):
        MutedReminder.objects.create(user=case.applicant, kind="first")
