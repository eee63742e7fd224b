"""The office sees what became of a letter, and sends one that came back once more (rule 34)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.models import SealedApplication
from decisions.domain.returned_letters import OtherMail, UnknownAddress, send_letter_anew
from decisions.domain.settling import settle_round
from decisions.queries import rounds_to_settle
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import Returned, Verdict
from hubportal.mail.domain.sending import send_due_mails
from letters.domain.producing import fix_moment_of_sending
from letters.domain.returning import note_bounce, send_anew
from letters.models import Letter
from organisations.domain.representing import dispute_colleague
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import pending_for, speaker_for
from tests.factories.scenarios import after_deadline, committee, open_to, plain_pdf, produced
from website.queries import grants

pytestmark = pytest.mark.django_db

REASON = "5.1.1 smtp; 550 No such user"


def sent(case: Any, at: Any) -> Letter:
    """Let the letter and its copies go."""
    send_due_mails(now=lambda: at)
    fix_moment_of_sending(letter_id=case.decision.letter_id, at=at)
    send_due_mails(now=lambda: at)
    return Letter.objects.get(pk=case.decision.letter_id)


def bounced(case: Any, *, at: Any) -> Letter:
    letter = sent(case, at)
    token, back = letter.mail.return_token, at + timedelta(minutes=5)
    assert record_bounce(returned=Returned(Verdict.FAILED, (token,), REASON), at=back)
    assert note_bounce(letter_id=letter.pk, at=back)
    return Letter.objects.get(pk=letter.pk)


def in_trouble(**start: Any) -> Any:
    """A grant whose letter came back twice, and whose applicant has a colleague with another address."""
    case = produced(**start)
    speaker_for(case.lead, proved_by=person(Role.OFFICER), email=TYPED["email"])
    letter = bounced(case, at=after_deadline(case, days=30, minutes=2))
    send_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=after_deadline(case, days=31))
    bounced(case, at=after_deadline(case, days=31, minutes=2))
    return case


def officer_with(case: Any, client: Any) -> Any:
    officer = committee().officer
    open_to(case, officer)
    log_in(client, officer)
    return officer


def page_of(case: Any, name: str = "send_letter_anew") -> str:
    return reverse(f"admin:{name}", args=[case.reference])


TYPED = {"email": "goed@voorbeeld.example", "reason": "Gebeld met de heer Goed."}


def typed(case: Any, **changes: Any) -> dict[str, Any]:
    return {**TYPED, "seen": case.decision.letter.mail_id, **changes}


def test_the_office_counts_it_and_reads_when_and_why_it_came_back(client) -> None:
    case = in_trouble()
    officer_with(case, client)
    panels = client.get(reverse("admin:index")).context["panels"]
    figures = {str(each.label): each.number for panel in panels for each in panel.figures}
    assert figures["Brieven waarvan de e-mail is mislukt, is teruggekomen of onzeker is"] == 1
    shown = client.get(page_of(case, "letter")).content.decode()
    assert REASON in shown
    assert "De brief is 2 keer teruggekomen" in shown
    assert page_of(case) in shown


def test_the_letter_goes_to_a_corrected_address_after_a_look_at_what_goes_where(client) -> None:
    case = in_trouble()
    sealed = SealedApplication.objects.filter(application=case).values().get()
    officer_with(case, client)
    assert case.people.main_applicant_email in client.get(page_of(case)).content.decode()
    checked = client.post(page_of(case), typed(case))
    assert (checked.status_code, case.decision.letter.resend_asked_at) == (200, None)
    assert "<strong>goed@voorbeeld.example</strong>" in checked.content.decode()
    for _click in range(2):
        assert client.post(page_of(case), typed(case, send="1")).url == page_of(case, "letter")
    at = after_deadline(case, days=32)
    letter = case.decision.letter
    letter.refresh_from_db()
    assert send_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=at)
    assert sent(case, at).sent_at == at
    assert letter.mail_id != Letter.objects.get(pk=letter.pk).mail_id
    assert Letter.objects.get(pk=letter.pk).mail.recipient == "goed@voorbeeld.example"
    assert SealedApplication.objects.filter(application=case).values().get() == sealed
    assert AuditEvent.objects.filter(act="letters.send_anew_asked").count() == 1
    assert [str(each) for each in every_violation() if each.rule in {19, 20, 34}] == []


def checked_in(shown: str) -> list[str]:
    """Return the values that are ticked on a page."""
    inputs = re.findall(r"<input[^>]*>", shown)
    return [re.search('value="([^"]*)"', each)[1] for each in inputs if "checked" in each]


def test_only_addresses_are_offered_that_their_owner_proved_to_be_the_applicants(client) -> None:
    """Nobody of the office has a decision sent to a mailbox of their own choice (rules 19 and 27)."""
    case = in_trouble()
    officer = officer_with(case, client)
    pending = pending_for(case.lead)
    # By two acts of one officer, a mailbox of their own would get the decision.
    mine = speaker_for(case.lead, proved_by=officer)
    people = case.people
    # Another spelling of a mailbox that is offered is no other address (rule 28).
    local, _at, domain = people.signatory_email.partition("@")
    speaker_for(case.lead, proved_by=person(Role.OFFICER), email=f"{local}+post@{domain}")
    offered = [value for value, _label in client.get(page_of(case)).context["form"].fields["email"].choices]
    assert offered == [people.main_applicant_email, people.signatory_email, TYPED["email"]]
    for email in (
        officer.email,
        pending.email,
        mine.email,
        case.partners[0].contact_email,
        people.leader_email,
        "",
    ):
        with pytest.raises(UnknownAddress):
            send_letter_anew(
                decision_id=case.decision.pk,
                seen_mail=case.decision.letter.mail_id,
                email=email,
                reason="Gebeld.",
                actor=officer,
                at=after_deadline(case, days=32),
            )
    assert not AuditEvent.objects.filter(act="letters.send_anew_asked").exists()


def test_going_back_keeps_what_was_typed(client) -> None:
    case = in_trouble()
    officer_with(case, client)
    shown = client.post(page_of(case), typed(case, back="1")).content.decode()
    assert checked_in(shown) == ["goed@voorbeeld.example"]
    assert "Gebeld met de heer Goed." in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "geen adres"}, "email"),
        ({"email": "elders@voorbeeld.example"}, "email"),
        ({"reason": " "}, "reason"),
        ({"seen": "x"}, "seen"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"send": "1"}])
def test_what_cannot_be_sent_is_refused_at_its_field(client, changes, field, button) -> None:
    case = in_trouble()
    officer_with(case, client)
    refused = client.post(page_of(case), typed(case, **changes, **button))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not AuditEvent.objects.filter(act="letters.send_anew_asked").exists()


def test_what_another_mail_brings_by_now_is_looked_at_again(client) -> None:
    case = in_trouble()
    officer = officer_with(case, client)
    assert client.post(page_of(case), typed(case, seen="1", send="1")).url == page_of(case, "letter")
    with pytest.raises(OtherMail):
        send_letter_anew(
            decision_id=case.decision.pk,
            seen_mail=1,
            **TYPED,
            actor=officer,
            at=after_deadline(case, days=32),
        )
    assert not AuditEvent.objects.filter(act="letters.send_anew_asked").exists()


def test_nobody_but_an_officer_to_whom_it_is_open_sends_it(client) -> None:
    case = in_trouble()
    officer = person(Role.OFFICER)
    for actor in (committee().releaser, UserFactory.create(), case.applicant):
        with pytest.raises(NotAllowed):
            send_letter_anew(
                decision_id=case.decision.pk,
                seen_mail=case.decision.letter.mail_id,
                **TYPED,
                actor=actor,
                at=after_deadline(case, days=32),
            )
    log_in(client, officer)
    if officer != committee().officer:
        assert client.get(page_of(case)).status_code == 404


def test_what_is_public_stays_so_and_a_settled_round_stays_settled() -> None:
    """Rule 26: nobody reads from the map that a letter came back."""
    case = produced()
    letter = sent(case, after_deadline(case, days=30, minutes=2))
    assert settle_round(round_id=case.review_round_id, at=after_deadline(case, days=30, minutes=3))
    token, back = letter.mail.return_token, after_deadline(case, days=30, minutes=4)
    record_bounce(returned=Returned(Verdict.FAILED, (token,), REASON), at=back)
    assert note_bounce(letter_id=letter.pk, at=back)
    assert list(grants()) == [case]
    assert [str(each) for each in every_violation() if each.rule in {19, 26, 34}] == []


def test_a_round_with_a_letter_that_came_back_waits_to_be_settled() -> None:
    case = produced()
    bounced(case, at=after_deadline(case, days=30, minutes=2))
    assert not rounds_to_settle().exists()


class TestOpening:
    def opened(self, client: Any, case: Any, user: Any, method: str = "get") -> Any:
        log_in(client, user)
        assert getattr(client, method)(reverse("decisions:letter", args=[case.reference])).status_code == 200
        return Letter.objects.get(pk=case.decision.letter_id).first_opened_at

    def test_the_first_time_that_the_lead_organisation_opens_it_is_kept_and_shown(self, client) -> None:
        case = produced()
        first = self.opened(client, case, case.applicant)
        assert first is not None
        assert self.opened(client, case, case.applicant) == first
        assert AuditEvent.objects.filter(act="letters.opened", actor_id=case.applicant.pk).count() == 1
        officer_with(case, client)
        assert (
            "door iemand van de penvoerende organisatie"
            in client.get(page_of(case, "letter")).content.decode()
        )

    def test_nor_does_somebody_of_whom_it_is_disputed(self, client) -> None:
        """Else a letter that came back counts as received by who may have been dismissed."""
        case = produced()
        disputed = speaker_for(case.lead)
        dispute_colleague(
            representative_id=disputed.representations.get().pk, reason="Weg.", actor=case.applicant, at=AT
        )
        assert self.opened(client, case, disputed) is None
        assert self.opened(client, case, case.applicant) is not None

    def test_nobody_else_opens_it_for_them(self, client) -> None:
        case = produced()
        officer = committee().officer
        open_to(case, officer)
        for user in (officer, UserFactory.create(email=case.partners[0].contact_email)):
            log_in(client, user)
            client.get(reverse("decisions:letter", args=[case.reference]))
        assert self.opened(client, case, case.applicant, method="head") is None
