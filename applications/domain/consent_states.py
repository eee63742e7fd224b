"""Whether the answer of each partner still counts: bound to what they read, and to who may answer for it (rules 8, 9 and 27)."""

from dataclasses import dataclass
from datetime import datetime

from applications.domain.content import share_digests, text_digest
from applications.domain.links import is_alive
from applications.domain.snapshot import Snapshot
from applications.enums import ConsentAnswer
from applications.models import Consent, OneTimeLink
from applications.queries.content import given
from coalitions.models import Participation
from hubportal.kernel.mailboxes import mailbox


@dataclass(frozen=True)
class ConsentState:
    """The consent of one partner: the last answer, and whether it is still valid."""

    participation: Participation
    answer: Consent | None
    is_valid: bool
    is_stale: bool
    # Through a mailbox that is not, or no longer, one through which the partner answers, by who speaks for the lead now, or from
    # whom others ended there since.
    is_by_other: bool
    is_by_lead: bool
    # It came from whom others ended there since.
    is_of_ended: bool
    link: OneTimeLink | None

    @property
    def is_declined(self) -> bool:
        """Tell whether the last answer was no, also where the text changed since: a no never becomes a yes to another text."""
        return (
            self.answer is not None and not self.is_by_other and self.answer.answer == ConsentAnswer.DECLINED
        )

    def is_asked(self, *, at: datetime) -> bool:
        """Tell whether the partner was asked and has a link that works."""
        return self.link is not None and is_alive(self.link, at=at)

    def has_to_be_asked(self, *, at: datetime) -> bool:
        """Tell whether an answer is needed and nobody was asked for it who can still give it."""
        return not (self.is_valid or self.is_declined or self.is_asked(at=at))


def consent_states(snapshot: Snapshot) -> list[ConsentState]:
    """Return the consent of each partner; the lead organisation consents by submitting."""
    text, shares = text_digest(snapshot), share_digests(snapshot)
    named_at = snapshot.application.coalition.lead_named_at
    states = []
    for each in snapshot.partners:
        answer = snapshot.answers.get(each.pk)
        fits = answer is not None and (answer.text_digest, answer.share_digest) == (text, shares[each.pk])
        # The number is what the text is bound to; who reads it reads the name.
        if answer is not None and named_at is not None and answer.answered_at <= named_at:
            fits = False
        is_by_other = answer is not None and _is_by_other(snapshot, each, answer)
        fits = fits and not is_by_other
        states.append(
            ConsentState(
                participation=each,
                answer=answer,
                is_valid=given(answer) and fits,
                is_stale=answer is not None and not fits,
                is_by_other=is_by_other,
                is_by_lead=answer is not None and _is_by_lead(snapshot, answer),
                is_of_ended=answer is not None and _is_of_ended(each, answer),
                link=snapshot.links.get(each.pk),
            )
        )
    return states


def _answered_by(answer: Consent) -> str:
    """Return the mailbox through which an answer came."""
    came_by = answer.link or answer.user
    assert came_by is not None  # a constraint
    return mailbox(came_by.email)


def _is_by_other(snapshot: Snapshot, partner: Participation, answer: Consent) -> bool:
    """Tell whether an answer came through another mailbox than that of the contact person, or one of the lead.

    Else somebody could answer, and another contact person be named who was never asked; or one mailbox answer for one
    partner after the other (rules 8 and 27), also where who answered is named once more later. Who is proved to speak for the
    partner needs not be its contact person; whom a colleague or the office ended there does not speak for it, since when.
    """
    by = _answered_by(answer)
    if _is_by_lead(snapshot, answer) or _is_of_ended(partner, answer):
        return True
    since = partner.contact_since
    is_before = since is not None and answer.answered_at < since
    return not answer.spoke and (is_before or by != partner.mailbox)  # type: ignore[attr-defined]


def _is_by_lead(snapshot: Snapshot, answer: Consent) -> bool:
    """Tell whether who answered is of the organisation that asks, or was vouched for there since: they would agree with themselves (rule 8)."""
    return not snapshot.mailboxes_of_lead.isdisjoint(answer.came_by())


def _is_of_ended(partner: Participation, answer: Consent) -> bool:
    """Tell whether others ended there who answered, or was logged in then; the owner of a mailed link's mailbox while it is the contact's."""
    is_contact = answer.link is None or _answered_by(answer) == partner.mailbox
    return answer.reader_ended or (is_contact and answer.ended)  # type: ignore[attr-defined]
