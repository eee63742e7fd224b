"""The mails about a request for a dossier: to everybody with a role in the draft, and to who asked."""

from datetime import datetime

from applications.queries.collaborators import joined_in
from applications.queries.handovers import colleagues_of_lead, contact_of
from applications.queries.roles import with_a_role
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from organisations.models import Representative
from takeovers.models import Takeover
from takeovers.queries import claim_of


def queue_received(takeover: Takeover, representative: Representative, *, at: datetime) -> None:
    """Tell who asks that the office has it, and how it goes; nothing of a draft."""
    page = address_of("takeovers:ask", representative.pk)
    _queue_to_who_asked("takeover_received", takeover, representative, at=at, address=page)


def queue_closed(takeover: Takeover, *, at: datetime) -> None:
    """Tell who asked that they do not get it: the same words whatever the reason is (rule 26)."""
    _queue_to_who_asked("takeover_closed", takeover, claim_of(takeover), at=at)


def queue_asked(takeover: Takeover, *, at: datetime) -> int:
    """Warn everybody with a role that somebody asks for the draft, and return how many."""
    return _queue_to_roles("takeover_asked", takeover, at=at)


def queue_stopped(takeover: Takeover, *, at: datetime) -> None:
    """Tell everybody who was warned that it does not happen."""
    _queue_to_roles("takeover_stopped", takeover, at=at)


def queue_granted(takeover: Takeover, *, at: datetime) -> None:
    """Tell everybody with a role, and who asked, who has the draft from now on."""
    _queue_to_roles("takeover_granted", takeover, at=at)
    _queue_about_draft(
        takeover, "takeover_yours", {takeover.asked_by.email: takeover.asked_by.full_name}, at=at
    )


def queue_undone(takeover: Takeover, *, at: datetime) -> None:
    """Tell everybody with a role, and who had it for a while, that it was undone."""
    _queue_to_roles("takeover_undone", takeover, at=at)
    _queue_about_draft(
        takeover, "takeover_undone", {takeover.asked_by.email: takeover.asked_by.full_name}, at=at
    )


def _queue_to_who_asked(
    kind: str, takeover: Takeover, named: Representative | None, *, at: datetime, address: str = ""
) -> None:
    context = {
        "name": takeover.asked_by.full_name,
        "organisation": named.stated_name if named is not None else takeover.organisation.name,
        "takeover": takeover,
        "address": address or address_of("organisations:my_organisations"),
    }
    subject, body = compose(kind, context)
    queue_mails([Message(kind, takeover.asked_by.email, subject, body)], at=at)


def _queue_to_roles(kind: str, takeover: Takeover, *, at: datetime) -> int:
    return _queue_about_draft(takeover, kind, _with_a_role_in(takeover), at=at)


def _with_a_role_in(takeover: Takeover) -> dict[str, str]:
    """Return addresses and names of all roles in the draft, each mailbox once: who writes along too, but not who asks."""
    application, holder = takeover.application, takeover.holder
    # Whoever is of another lead now was not warned (rule 44).
    if application is None or holder is None or not takeover.is_led_by_its_own:
        return {}
    along = (
        joined_in(application)
        .filter(user__is_active=True)
        .order_by("pk")
        .values_list("user__email", "user__full_name")
    )
    found = {**dict(along), **with_a_role(application, holder)}
    each_once: dict[str, tuple[str, str]] = {}
    for email, name in found.items():
        each_once.setdefault(mailbox(email), (email, name))
    each_once.pop(mailbox(takeover.asked_by.email), None)
    return dict(each_once.values())


def _queue_about_draft(takeover: Takeover, kind: str, readers: dict[str, str], *, at: datetime) -> int:
    application = takeover.application
    if application is None:
        return 0
    people = list(colleagues_of_lead(application))
    speakers = {mailbox(each.email) for each in people}
    messages = []
    for email, name in readers.items():
        context = {
            "name": name,
            "takeover": takeover,
            "person": takeover.asked_by,
            "is_who_asked": email == takeover.asked_by.email,
            "is_holder": takeover.holder is not None and email == takeover.holder.email,
            "holder": takeover.holder,
            "now": contact_of(application),
            "lead": application.coalition.lead_name,
            "region": application.coalition.region.name,
            "call": application.call,
            "by": _by_whom(takeover, people),
            # Whoever can do something about it is led there.
            "address": address_of("takeovers:of_draft", application.reference)
            if mailbox(email) in speakers
            else "",
            "draft": address_of("applications:overview", application.reference),
        }
        subject, body = compose(kind, context)
        messages.append(Message(kind, email, subject, body, about=application.reference))
    queue_mails(messages, at=at)
    return len(messages)


def _by_whom(takeover: Takeover, people: list[User]) -> str:
    """Return who of the lead settled or undid it; nothing where it was the office, or who asked."""
    keys = {takeover.undone_by_id or takeover.settled_by_id}
    return next((each.full_name for each in people if each.pk in keys), "")
