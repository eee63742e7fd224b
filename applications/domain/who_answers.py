"""Who may answer for a partner: nobody of who asks, nobody for two, and nobody whom the office ended there (rules 8, 27 and 28)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from applications.domain.snapshot import Snapshot, mailboxes_of_lead
from applications.enums import ConsentAnswer
from applications.models import Application
from applications.queries.content import last_of_speakers, wrote_for_others
from applications.queries.parties import people_of_lead
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import is_ended_by_others
from organisations.queries import people_who_speak_for

_OF_LEAD = _("A partner can never consent through the mailbox of the organisation that asks.")


def check_may_be_asked(application: Application, place: Participation, *, asked_by: User) -> None:
    """Raise ``NotAllowed`` for a contact of who asks, and ``RuleViolation`` for one whom the office ended at their organisation."""
    of_lead = mailboxes_of_lead(application.people, []) | _mailboxes_of_writers(application, asked_by)
    if place.mailbox in of_lead:
        raise NotAllowed(_OF_LEAD, field="contact_email")
    if is_ended_by_others(place.organisation_id, place.mailbox):
        raise RuleViolation(
            filled_in(
                _(
                    "A colleague or the programme office noted that %(person)s does not speak for %(name)s. First name another contact person."
                ),
                person=dutch(place.contact_name),
                name=dutch(place.stated_name),
            ),
            field="contact_email",
        )


def check_not_of_lead(snapshot: Snapshot, mailboxes: frozenset[str]) -> None:
    """Raise ``NotAllowed`` for an answer through a mailbox of the organisation that asks, by whichever account or address."""
    if mailboxes & (snapshot.mailboxes_of_lead | _mailboxes_of_writers(snapshot.application)):
        raise NotAllowed(_OF_LEAD)


def check_answers_for_one(
    snapshot: Snapshot, place: Participation, people: Collection[User], *, beside: str = ""
) -> None:
    """Raise ``NotAllowed`` for who agreed for another partner already, by any of their addresses, and for who wrote the draft.

    Of an organisation that led before, whoever wrote answers for it; for another one they would agree to their own words.
    """
    own = mailboxes_of(people) | ({beside} if beside else set())
    if (other := _agreed_for_another(snapshot, place, own)) is not None:
        raise NotAllowed(
            filled_in(
                _(
                    "You agreed for %(name)s in this coalition. Let somebody else of this organisation answer for it."
                ),
                name=dutch(other.stated_name),
            )
        )
    if own & mailboxes_of(wrote_for_others(snapshot.application, place)):
        raise NotAllowed(
            _("You wrote this application. Let somebody else of this organisation answer for it.")
        )


def check_no_stands(snapshot: Snapshot, place: Participation, people: Collection[User], answer: str) -> None:
    """Raise ``RuleViolation`` for a yes to what somebody who speaks for the partner said no to, but of one of them (rules 8 and 27).

    Who was only named as contact person is asked as often as the lead wants, and would undo it without their knowing.
    """
    if answer != ConsentAnswer.GIVEN:
        return
    speaking = people_who_speak_for(place.organisation_id)
    if people and speaking.filter(mailbox__in=[each.mailbox for each in people]).exists():
        return
    said = last_of_speakers(snapshot.application, place)
    coalition = snapshot.application.coalition
    before = coalition.former_partners.filter(organisation=place.organisation_id, said_no=True)
    if said.answer == ConsentAnswer.DECLINED if said is not None else before.exists():
        # Not who: whoever was only named learns nothing of them (rules 8 and 27).
        raise RuleViolation(
            filled_in(
                _(
                    "Somebody who was confirmed as representative of %(name)s said no. Only somebody who was confirmed can say yes "
                    "after that."
                ),
                name=dutch(place.stated_name),
            ),
            field="answer",
        )


def _agreed_for_another(
    snapshot: Snapshot, place: Participation, own: Collection[str]
) -> Participation | None:
    """Return another partner for which one of these mailboxes agreed: by account, by a link, or logged in while they used one."""
    agreed = [
        (each, answer)
        for each in snapshot.partners
        if each.pk != place.pk
        and (answer := snapshot.answers.get(each.pk))
        and answer.answer == ConsentAnswer.GIVEN
        # By a link as long as that mailbox is the contact's: once another contact was named it counts no more.
        and (answer.link is None or mailbox(answer.link.email) == each.mailbox)
    ]
    people = [person for _each, answer in agreed if (person := answer.user or answer.reader)]
    is_one_of_them = not mailboxes_of(people).isdisjoint(own)
    for each, answer in agreed:
        person = answer.user or answer.reader
        by_link = answer.link is not None and each.mailbox in own
        if by_link or (is_one_of_them and person and not mailboxes_of([person]).isdisjoint(own)):
            return each
    return None


def _mailboxes_of_writers(application: Application, *more: User) -> frozenset[str]:
    """Return the mailboxes of the people of the lead organisation, also those beside their own."""
    return mailboxes_of([*people_of_lead(application, ever=True), *more])
