"""A partner's copy that came back goes to another of its people, or is put aside with a reason (rules 19, 27 and 30)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from decisions.domain.returned_copies import addresses_for_copy, partner_of, settle_returned_copy
from decisions.domain.returned_letters import UnknownAddress
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import Returned, Verdict
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.domain.returned_copies import CopyNotBack
from letters.enums import Part
from letters.models import Letter, Recipient, ReturnedCopy
from letters.queries import copies_that_came_back
from organisations.models import Representative
from tests.decisions.test_correcting import correct, release
from tests.decisions.test_returned_letters import bounced, officer_with, page_of, sent
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, pending_for, speaker_for
from tests.factories.scenarios import after_deadline, committee, decided, open_to, produced
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

REASON = "5.1.1 smtp; 550 No such user"
COLLEAGUE = "collega@partner.example"
TYPED = {"email": COLLEAGUE, "reason": "Gebeld met de partner."}


def copy_of(case: Any) -> Recipient:
    return Recipient.objects.select_related("mail").get(letter=case.decision.letter_id, part=Part.COPY)


def copy_back(case: Any, *, at: Any) -> Recipient:
    """Let the mail with the copy come back."""
    token = copy_of(case).mail.return_token
    assert record_bounce(returned=Returned(Verdict.FAILED, (token,), REASON), at=at)
    return copy_of(case)


def with_copy_back() -> Any:
    """A grant of which the letter arrived and the copy came back; somebody else speaks for that partner."""
    case = produced()
    speaker_for(case.partners[0].organisation, proved_by=person(Role.ADMINISTRATOR), email=COLLEAGUE)
    at = after_deadline(case, days=30, minutes=2)
    sent(case, at)
    copy_back(case, at=at + timedelta(minutes=5))
    return case


def settle(case: Any, **changes: Any) -> ReturnedCopy:
    copy = copy_of(case)
    values = {"seen_mail": copy.mail_id, **TYPED, "actor": committee().officer, **changes}
    open_to(case, committee().officer)
    return settle_returned_copy(
        decision_id=case.decision.pk, recipient_id=copy.pk, at=after_deadline(case, days=31), **values
    )


def page_for(case: Any, number: int = 1) -> str:
    return reverse("admin:returned_copy", args=[case.reference, number])


def broken() -> list[str]:
    return [str(each) for each in every_violation()]


def test_it_goes_to_another_of_the_partners_people(mailoutbox: Any) -> None:
    case = with_copy_back()
    before = copy_of(case).mail
    letter = Letter.objects.get(pk=case.decision.letter_id)
    mailoutbox.clear()
    for _click in range(2):
        settled = settle(case, seen_mail=before.pk)
    assert (settled.mail, settled.sent_to, settled.reason) == (before, COLLEAGUE, TYPED["reason"])
    send_due_mails(now=lambda: after_deadline(case, days=31))
    [copy] = mailoutbox
    assert (copy.to, len(copy.attachments)) == ([COLLEAGUE], 1)
    assert copy.subject.startswith("Kopie")
    assert Letter.objects.get(pk=letter.pk).sent_at == letter.sent_at
    assert not copies_that_came_back(letter).exists()
    event = AuditEvent.objects.get(act="letters.copy_sent_anew")
    assert (event.subject_id, event.actor_id) == (letter.pk, committee().officer.pk)
    assert broken() == []


def test_the_letter_that_replaces_it_goes_there_too() -> None:
    case = with_copy_back()
    settle(case)
    assert release(correct(case)).recipients.get(part=Part.COPY).email == COLLEAGUE
    assert broken() == []


def test_it_is_put_aside_with_a_reason_when_nobody_can_be_reached(mailoutbox: Any) -> None:
    case = with_copy_back()
    mailoutbox.clear()
    before = copy_of(case)
    settle(case, email="", reason="De stichting bestaat niet meer.")
    send_due_mails(now=lambda: after_deadline(case, days=31))
    assert mailoutbox == []
    assert (copy_of(case).mail_id, copy_of(case).email) == (before.mail_id, before.email)
    assert not copies_that_came_back(case.decision.letter).exists()
    assert AuditEvent.objects.filter(act="letters.copy_put_aside").count() == 1
    with pytest.raises(CopyNotBack):
        settle(case)
    assert broken() == []


def test_a_copy_that_went_to_somebody_instead_is_of_that_partner_and_no_more_theirs_once_they_are_ended() -> (
    None
):
    """Rule 27: the sealed contact was ended before the letter, who spoke for the partner then since."""
    case = decided()
    partner = case.partners[0].organisation
    ended = {"ended_at": AT, "ended_by": person(Role.ADMINISTRATOR), "end_reason": "Weg."}
    contact = UserFactory.create(email=case.partners[0].contact_email)
    RepresentativeFactory.create(organisation=partner, user=contact, **ended)
    instead = speaker_for(partner)
    case = produced(case)
    copy = copy_of(case)
    assert (copy.email, partner_of(case.decision, copy)) == (instead.email, partner.pk)
    successor = speaker_for(partner, proved_by=person(Role.ADMINISTRATOR))
    officer = committee().officer
    assert set(addresses_for_copy(case.decision, copy, officer)) == {instead.email, successor.email}
    Representative.objects.filter(user=instead).update(**ended)
    assert set(addresses_for_copy(case.decision, copy, officer)) == {successor.email}


def test_one_that_comes_back_again_waits_again() -> None:
    case = with_copy_back()
    settle(case)
    at = after_deadline(case, days=31)
    send_due_mails(now=lambda: at)
    copy_back(case, at=at + timedelta(minutes=5))
    assert list(copies_that_came_back(case.decision.letter)) == [copy_of(case)]
    settle(case, email="", reason="Ook dit adres werkt niet.")
    assert ReturnedCopy.objects.count() == 2
    assert broken() == []


def test_one_that_the_mail_server_refused_goes_to_another_of_them_too() -> None:
    case = produced()
    speaker_for(case.partners[0].organisation, proved_by=person(Role.ADMINISTRATOR), email=COLLEAGUE)
    at = after_deadline(case, days=30, minutes=2)
    sent(case, at)
    refused = copy_of(case).mail
    OutgoingMail.objects.filter(pk=refused.pk).update(status=MailStatus.FAILED, sent_at=None, problem=REASON)
    assert list(copies_that_came_back(case.decision.letter)) == [copy_of(case)]
    settle(case)
    refused.refresh_from_db()
    assert (refused.status, copy_of(case).mail.recipient) == (MailStatus.SETTLED, COLLEAGUE)
    assert broken() == []


def test_only_the_partners_own_proved_people_get_it() -> None:
    """Nobody of the office has a decision sent to a mailbox of their own choice (rules 19 and 27)."""
    case = with_copy_back()
    officer = committee().officer
    open_to(case, officer)
    partner = case.partners[0].organisation
    # By two acts of one officer, a mailbox of their own would get the decision.
    mine, pending = speaker_for(partner, proved_by=officer), pending_for(partner)
    others = (officer.email, mine.email, pending.email, case.applicant.email, "elders@voorbeeld.example")
    for email in others:
        with pytest.raises(UnknownAddress):
            settle(case, email=email)
    assert not ReturnedCopy.objects.exists()


def test_nobody_but_an_officer_to_whom_it_is_open_settles_it() -> None:
    case = with_copy_back()
    for actor in (committee().releaser, UserFactory.create(), case.applicant):
        with pytest.raises(NotAllowed):
            settle(case, actor=actor)
    assert not ReturnedCopy.objects.exists()


def test_what_did_not_come_back_is_not_settled() -> None:
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    with pytest.raises(CopyNotBack):
        settle(case, email="")
    sent(case, at)
    with pytest.raises(CopyNotBack):
        settle(case, email="")
    copy_back(case, at=at + timedelta(minutes=5))
    with pytest.raises(CopyNotBack):
        settle(case, email="", seen_mail=1)
    with pytest.raises(RuleViolation) as refusal:
        settle(case, email="", reason=" ")
    assert refusal.value.field == "reason"


def test_while_the_letter_itself_is_back_its_copies_wait_for_it() -> None:
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    bounced(case, at=at)
    copy_back(case, at=at + timedelta(minutes=6))
    with pytest.raises(CopyNotBack):
        settle(case, email="")


def test_the_first_page_counts_and_the_list_shows_of_which_letters_a_copy_came_back(client: Any) -> None:
    case, label = with_copy_back(), "Brieven waarvan een afschrift niet aankwam of terugkwam"
    log_in(client, person(Role.OFFICER))
    assert (figures_of(client)[label], listed(client)) == (0, [])
    officer_with(case, client)
    assert (figures_of(client)[label], listed(client)) == (1, [case.reference])
    settle(case)
    assert (figures_of(client)[label], listed(client)) == (0, [])


def figures_of(client: Any) -> dict[str, int]:
    panels = client.get(reverse("admin:index")).context["panels"]
    return {str(each.label): each.number for panel in panels for each in panel.figures}


def listed(client: Any) -> list[str]:
    rows = client.get(reverse("admin:letters"), {"staat": "copy"}).context["rows"]
    return [each["decision"].application.reference for each in rows]


class TestPage:
    def test_shows_what_goes_where_before_it_goes(self, client: Any) -> None:
        case = with_copy_back()
        officer_with(case, client)
        assert page_for(case) in client.get(page_of(case, "letter")).content.decode()
        shown = client.get(page_for(case))
        assert [value for value, _label in shown.context["form"].fields["email"].choices] == [
            copy_of(case).email, COLLEAGUE, "-",
        ]  # fmt: skip
        typed = {**TYPED, "seen": copy_of(case).mail_id}
        checked = client.post(page_for(case), typed)
        assert (checked.status_code, ReturnedCopy.objects.count()) == (200, 0)
        assert COLLEAGUE in checked.content.decode().split("Gaat naar")[1].split("</strong>")[0]
        for _click in range(2):
            done = client.post(page_for(case), {**typed, "send": "1"})
            assert done.url == page_of(case, "letter")
        assert OutgoingMail.objects.filter(kind="letter_copy", recipient=COLLEAGUE).count() == 1
        listed = client.get(page_of(case, "letter")).content.decode()
        assert page_for(case) not in listed
        assert TYPED["reason"] in listed

    def test_puts_aside_and_lists_it_with_its_reason(self, client: Any) -> None:
        case = with_copy_back()
        officer_with(case, client)
        typed = {"email": "-", "reason": "Bestaat niet meer.", "seen": copy_of(case).mail_id}
        assert "niemand: opzijgelegd" in client.post(page_for(case), typed).content.decode()
        client.post(page_for(case), {**typed, "send": "1"})
        assert ReturnedCopy.objects.get().sent_to == ""
        assert "Bestaat niet meer." in client.get(page_of(case, "letter")).content.decode()

    def test_keeps_what_was_typed_and_says_at_its_field_what_lacks(self, client: Any) -> None:
        case = with_copy_back()
        officer_with(case, client)
        typed = {**TYPED, "seen": copy_of(case).mail_id}
        assert TYPED["reason"] in client.post(page_for(case), {**typed, "back": "1"}).content.decode()
        for changes, field in (({"reason": " "}, "reason"), ({"email": "elders@voorbeeld.example"}, "email")):
            refused = client.post(page_for(case), {**typed, **changes, "send": "1"})
            assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
        assert client.post(page_for(case), {**typed, "seen": "1", "send": "1"}).url == page_of(case, "letter")
        assert not ReturnedCopy.objects.exists()

    def test_there_is_none_for_a_copy_that_is_not_there(self, client: Any) -> None:
        case = with_copy_back()
        officer_with(case, client)
        assert [client.get(page_for(case, number)).status_code for number in (0, 2)] == [404, 404]


class TestDatabase:
    def test_what_was_recorded_is_explained_once_and_never_changes(self) -> None:
        case = with_copy_back()
        with refused_by("returned_copy_is_explained"):
            ReturnedCopy.objects.create(
                recipient=copy_of(case), mail=copy_of(case).mail, settled_by=committee().officer,
                settled_at=after_deadline(case, days=31),
            )  # fmt: skip
        settle(case, email="")
        with refused_by("returned_copy_never_changes"):
            ReturnedCopy.objects.update(reason="Anders.")

    def test_another_address_is_one_that_was_recorded(self) -> None:
        case = with_copy_back()
        other = OutgoingMail.objects.create(
            kind="letter_copy", recipient="elders@voorbeeld.example", subject="x", body="x",
            queued_at=after_deadline(case, days=31), due_at=after_deadline(case, days=31),
        )  # fmt: skip
        with refused_by("letter_recipient_never_changes"):
            Recipient.objects.filter(pk=copy_of(case).pk).update(email="elders@voorbeeld.example", mail=other)


@pytest.mark.django_db(transaction=True)
def test_two_officers_send_one_copy() -> None:
    case = with_copy_back()
    open_to(case, committee().officer)
    mail = copy_of(case).mail_id
    race(*(lambda: settle(case, seen_mail=mail).pk for _each in range(2)))
    assert OutgoingMail.objects.filter(kind="letter_copy", recipient=COLLEAGUE).count() == 1
