"""Reads of the people whom an application names: its main applicant, signatory and project leader."""

from applications.models import ApplicationPeople
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import mailboxes_ended_at

ROLES = ("main_applicant", "signatory", "leader")


def named_in(people: ApplicationPeople) -> list[tuple[str, str]]:
    """Return addresses and names of the people named, but of whom others ended at the organisation for which they are named (rule 27)."""
    named = [
        (
            getattr(people, f"{each}_organisation_id"),
            getattr(people, f"{each}_email"),
            getattr(people, f"{each}_name"),
        )
        for each in ROLES
    ]
    ended = mailboxes_ended_at(
        {organisation for organisation, _email, _name in named if organisation is not None}
    )
    return [
        (email, name)
        for organisation, email, name in named
        if email and mailbox(email) not in ended.get(organisation, ())
    ]
