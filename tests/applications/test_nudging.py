"""Who did not answer is reminded when who speaks for the lead asks for it: rarely, and once (rules 26, 27 and rule 37)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.domain import nudging
from applications.domain.collaborating import decline_invitation
from applications.domain.consents import ask_consent
from applications.domain.deadline_reminders import choose_reminders
from applications.domain.nudging import QUIET, remind_the_silent
from applications.enums import ReminderKind
from applications.models import DeadlineReminder, Nudge, OneTimeLink
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import at_moment, page_text
from tests.racing import race

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def ask(case: Any, **values: Any) -> OneTimeLink:
    arguments = {
        "application_id": case.pk,
        "participation_id": case.partners[0].pk,
        "actor": case.applicant,
        "at": AT,
    }
    return ask_consent(**{**arguments, **values})


def remind(case: Any, **values: Any) -> list[Nudge]:
    return remind_the_silent(
        **{"application_id": case.pk, "actor": case.applicant, "at": AT + QUIET, **values}
    )


def mailed() -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind="answer_nudged").values_list("recipient", flat=True))


class TestRemindTheSilent:
    def test_who_was_asked_or_invited_is_reminded_without_a_new_link(self, case) -> None:
        link, row = ask(case), invited(case)
        assert len(remind(case)) == 2
        assert mailed() == sorted([link.email, row.email])
        to_partner = OutgoingMail.objects.get(kind="answer_nudged", recipient=link.email)
        assert (to_partner.send_before, to_partner.about) == (link.expires_at, case.reference)
        assert "/instemmen/" not in to_partner.body
        to_invited = OutgoingMail.objects.get(kind="answer_nudged", recipient=row.email)
        assert str(row.key) in to_invited.body
        assert OneTimeLink.objects.get().withdrawn_at is None

    def test_at_most_once_in_two_days_and_not_before_two_days(self, case) -> None:
        ask(case)
        assert remind(case, at=AT + QUIET - SECOND) == []
        assert len(remind(case)) == 1
        assert remind(case) == []
        assert remind(case, at=AT + 2 * QUIET - SECOND, actor=speaker_for(case.lead)) == []
        assert len(remind(case, at=AT + 2 * QUIET)) == 1
        assert len(mailed()) == 2

    def test_who_was_asked_again_is_left_alone_for_two_days(self, case) -> None:
        ask(case)
        ask(case, at=AT + QUIET)
        assert remind(case, at=AT + QUIET + SECOND) == []

    def test_a_reminder_of_the_deadline_counts_too(self, case) -> None:
        link = ask(case)
        DeadlineReminder.objects.create(
            review_round=case.call.rounds.all()[0],
            kind=ReminderKind.FIRST,
            link=link,
            made_at=AT + QUIET,
            was_mailed=True,
        )
        assert remind(case, at=AT + QUIET + SECOND) == []

    def test_two_questions_to_one_mailbox_are_one_reminder(self, case) -> None:
        """Rule 28."""
        partner = case.partners[0]
        link = ask(case)
        invited(case, partner.contact_email.upper(), participation_id=partner.pk, at=AT + SECOND)
        assert [each.link for each in remind(case, at=AT + QUIET + SECOND)] == [link]
        assert remind(case, at=AT + QUIET + 2 * SECOND) == []

    def test_who_answered_whose_link_expired_or_whose_mail_came_back_is_not_reminded(self, case) -> None:
        link, row = ask(case), invited(case)
        decline_invitation(key=row.key, actor=UserFactory.create(email=row.email), at=AT)
        assert remind(case, at=link.expires_at) == []
        OutgoingMail.objects.filter(kind="consent_request").update(status=MailStatus.BOUNCED, bounced_at=AT)
        assert remind(case) == []
        assert mailed() == []

    def test_who_does_not_want_reminders_gets_none_and_nobody_is_told(self, case, client: Client) -> None:
        """Rule 26: it stands there as any other reminder."""
        row = invited(case)
        user = UserFactory.create(email=row.email)
        user.emailaddress_set.update_or_create(email=row.email, defaults={"verified": True, "primary": True})
        choose_reminders(wanted=[], actor=user)
        [nudge] = remind(case)
        assert (nudge.was_mailed, mailed()) == (False, [])
        log_in(client, case.applicant)
        with at_moment(AT + QUIET):
            shown = client.get(reverse("applications:coalition", args=[case.reference]))
        assert "Laatst herinnerd op" in page_text(shown)

    def test_only_who_is_proved_to_speak_for_the_lead_reminds(self, case) -> None:
        ask(case)
        pending = UserFactory.create()
        RepresentativeFactory.create(
            user=pending, organisation=case.lead, proof="", proved_by=None, proved_at=None
        )
        for somebody in (joined(case), pending, speaker_for(case.partners[0].organisation)):
            with pytest.raises(NotAllowed):
                remind(case, actor=somebody)
        assert mailed() == []

    def test_nobody_reminds_more_than_a_number_a_day(self, case, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nudging, "MOST_A_DAY", 1)
        ask(case)
        invited(case)
        assert len(remind(case)) == 1
        with pytest.raises(RuleViolation, match="maximum"):
            remind(case)
        assert len(mailed()) == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_clicks_at_once_mail_once(self) -> None:
        case = scenarios.written()
        ask(case)
        outcomes = race(*(lambda: len(remind(case)) for _each in range(2)))
        assert sorted(outcomes) == [0, 1]
        assert len(mailed()) == 1


def test_a_nudge_is_about_one_thing(case) -> None:
    """``nudge_about_a_request_or_an_invitation``."""
    values = {"application": case, "nudged_by": case.applicant, "nudged_at": AT, "was_mailed": True}
    with pytest.raises(IntegrityError, match="nudge_about_a_request_or_an_invitation"), transaction.atomic():
        Nudge.objects.create(**values)
    both = {"link": ask(case), "collaborator": invited(case)}
    with pytest.raises(IntegrityError, match="nudge_about_a_request_or_an_invitation"), transaction.atomic():
        Nudge.objects.create(**both, **values)


def test_the_button_reminds_once_and_then_says_that_nobody_is_left(client: Client, case) -> None:
    ask(case)
    log_in(client, case.applicant)
    page = reverse("applications:remind", args=[case.reference])
    with at_moment(AT + QUIET):
        assert "Stuur een herinnering" in page_text(
            client.get(reverse("applications:coalition", args=[case.reference]))
        )
        said = page_text(client.post(page, follow=True))
        again = page_text(client.post(page, follow=True))
    assert "De herinnering is onderweg." in said
    assert "Er is niemand herinnerd" in again
    assert "U kunt een herinnering sturen vanaf" in again
    assert len(mailed()) == 1
