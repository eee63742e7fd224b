"""Who takes part in a draft, per organisation: its people, what they may do, and what became of what they were asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from applications.domain.budget import requested_amount
from applications.domain.consent_states import ConsentState
from applications.domain.links import is_alive
from applications.domain.snapshot import Snapshot
from applications.enums import CollaborationState, CollaboratorRight
from applications.models import Collaborator, OneTimeLink
from applications.queries.collaborators import LIVING
from applications.views.asking import Asked
from applications.views.status_wording import day_and_time
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.kernel.languages import dutch
from hubportal.mail.enums import MailStatus, cause_in_words
from hubportal.mail.models import OutgoingMail
from mapping.cards import shown_card

# The last mail of a kind to an address.
Mails = Mapping[tuple[str, str], OutgoingMail]
MAILS = ("consent_request", "collaborator_invited")
_WHOLE = 100


@dataclass(frozen=True)
class Person:
    """Somebody in the room: what they may do, where they stand, and what is known of what they were sent."""

    name: str
    right: str
    email: str = ""
    label: str = ""
    kind: str = "neutral"
    told: list[str] = field(default_factory=list)
    key: UUID | None = None
    can_end: bool = False
    is_invited: bool = False
    is_self: bool = False


@dataclass(frozen=True)
class Member:
    """An organisation of the coalition; ``asked`` for who speaks for the lead, to everybody else only its state in words."""

    place: Participation
    name: str
    streams: list[str]
    share: Decimal
    percentage: int
    people: list[Person]
    asked: Asked | None = None
    label: str = ""
    kind: str = ""
    told: list[str] = field(default_factory=list)
    # Where what changed since its answer is shown.
    changes_url: str = ""


def streams_of(snapshot: Snapshot, agreed: Mapping[int, Any]) -> dict[int, list[str]]:
    """Return the streams of each member that visitors read of it, by participation: nothing else is known of them (rule 26)."""
    return {
        each.pk: shown_card(each.organisation, agreed.get(each.organisation_id)).card.stream_labels
        for each in snapshot.members
        if each.organisation.published_at is not None
    }


def share_of(snapshot: Snapshot, place: Participation) -> tuple[Decimal, int]:
    """Return what a member asks of the budget, and how much that is of the whole, in percents."""
    own, whole = requested_amount(snapshot.share_of(place)), snapshot.application.requested_amount
    return own, round(own * _WHOLE / whole) if whole > 0 else 0


def speakers_shown(
    people: Iterable[User], snapshot: Snapshot, collaborators: Iterable[Collaborator]
) -> list[Person]:
    """Return who speaks for the lead: all of them to one of them, to others who began or invited (rule 26)."""
    application = snapshot.application
    known = {application.created_by_id, *(each.invited_by_id for each in collaborators)}
    is_told = application.is_spoken_for  # type: ignore[attr-defined]
    speaks = _("represents the organisation: writes, asks partners, submits and withdraws")
    writes = _("began the application: writes, and is not confirmed as representative")
    return [
        Person(dutch(each.full_name), speaks if each.speaks else writes)  # type: ignore[attr-defined]
        for each in people
        # Who was ended neither speaks nor says so, and is gone from the room.
        if (each.speaks and (is_told or each.pk in known))  # type: ignore[attr-defined]
        or (each.pk == application.created_by_id and (each.speaks or each.says))  # type: ignore[attr-defined]
    ]


def invited_person(row: Collaborator, *, viewer: User, mails: Mails, may_ask: bool) -> Person:
    """Return somebody who was invited: their address, and what became of the mail, only for who may invite (rule 37)."""
    is_living = row.state in LIVING
    right = _("writes along") if row.right == CollaboratorRight.WRITE else _("reads")
    if row.participation_id is None:
        right = _("%(right)s as a helper, without a vote") % {"right": right}
    stands: bool = row.stands  # type: ignore[attr-defined]
    label, kind = _standing(row, stands=stands)
    return Person(
        name=dutch(row.name),
        right=right if is_living and stands else "",
        email=row.email if may_ask or row.user_id == viewer.pk else "",
        label=label,
        kind=kind,
        told=_told_of_invitation(row, mails) if may_ask else [],
        key=row.key,
        can_end=is_living and (may_ask or row.user_id == viewer.pk),
        is_invited=may_ask and row.state == CollaborationState.INVITED,
        is_self=row.user_id == viewer.pk,
    )


def _standing(row: Collaborator, *, stands: bool) -> tuple[str, str]:
    if row.state == CollaborationState.JOINED and not stands:
        return _("Was noted not to speak for this organisation, and reads nothing now"), "warning"
    if row.state == CollaborationState.ENDED and row.user_id is None:
        return _("Invitation taken back"), "neutral"
    return {
        CollaborationState.INVITED: (_("Invited, no answer yet"), "info"),
        CollaborationState.JOINED: (_("Takes part"), "ok"),
        CollaborationState.DECLINED: (_("Declined"), "warning"),
        CollaborationState.ENDED: (_("No longer takes part"), "neutral"),
    }[CollaborationState(row.state)]


def _told_of_invitation(row: Collaborator, mails: Mails) -> list[str]:
    if row.declined_because:
        return [_("The reason: %(reason)s") % {"reason": dutch(row.declined_because)}]
    if row.state != CollaborationState.INVITED:
        return []
    told = [_("Last sent on %(moment)s.") % {"moment": day_and_time(row.invited_at)}]
    told += delivery(mails.get(("collaborator_invited", row.email)), since=row.invited_at)
    if row.opened_at is not None:
        told.append(_("The invitation was opened on %(moment)s.") % {"moment": day_and_time(row.opened_at)})
    return [*told, *_reminder(row)]


def told_of_request(link: OneTimeLink | None, mails: Mails, *, at: datetime) -> list[str]:
    """Return what became of a request for consent that was not answered."""
    if link is None:
        return []
    told = delivery(mails.get(("consent_request", link.email)), since=link.asked_at)
    if link.opened_at is not None:
        told.append(
            _("The page was opened on %(moment)s. Some mail programs do that by themselves.")
            % {"moment": day_and_time(link.opened_at)}
        )
    times: int = link.times_asked  # type: ignore[attr-defined]
    if times > 1:
        told.append(_("Asked %(times)d times.") % {"times": times})
    return [*told, *_reminder(link)] if is_alive(link, at=at) else told


def _reminder(asked: OneTimeLink | Collaborator) -> list[str]:
    moment: datetime | None = asked.reminded_at  # type: ignore[union-attr]
    return [_("Last reminded on %(moment)s.") % {"moment": day_and_time(moment)}] if moment else []


def delivery(mail: OutgoingMail | None, *, since: datetime) -> list[str]:
    """Return in words where a mail is, as far as the portal knows: that a mail server took it, never that somebody read it."""
    if mail is None or mail.queued_at < since:
        return []
    if mail.status in {MailStatus.QUEUED, MailStatus.CLAIMED}:
        return [_("Our e-mail is on its way.")]
    if mail.status == MailStatus.SENT and mail.sent_at is not None:
        return [_("The mail server took our e-mail on %(moment)s.") % {"moment": day_and_time(mail.sent_at)}]
    if mail.status == MailStatus.BOUNCED and mail.bounced_at is not None:
        came_back = _("Our e-mail came back on %(moment)s.") % {"moment": day_and_time(mail.bounced_at)}
        return [" ".join(each for each in (came_back, cause_in_words(mail.problem)) if each)]
    return [_("We do not know whether our e-mail arrived. The programme office looks into it.")]


def as_told_to_others(member: Member, state: ConsentState, asked: Asked, *, at: datetime) -> Member:
    """Return a partner as who writes or reads along is told: the state, not the address, the mail or the reason."""
    label = _("Asked, no answer yet") if state.is_asked(at=at) else asked.state.label
    kind = "info" if state.is_asked(at=at) else asked.state.kind
    if state.link is not None and not state.is_asked(at=at):
        label, kind = _("Must be asked again"), "warning"
    return replace(member, label=label, kind=kind, changes_url=asked.changes_url)
