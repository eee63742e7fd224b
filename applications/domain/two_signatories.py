"""Main applicant and signatory sign as two people, where they are two: never one reader of both mailboxes (rules 10 and 28)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from applications.models import Application, ApplicationPeople, DeclarationSignature
from hubportal.accounts.models import User
from hubportal.accounts.queries import are_of_one_account, mailboxes_of, reader_of
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox


def are_two_people(people: ApplicationPeople) -> bool:
    """Tell whether the main applicant and the signatory are named as two; one person may be both."""
    one, other = (
        " ".join(each.casefold().split()) for each in (people.main_applicant_name, people.signatory_name)
    )
    return one != other


def check_two_readers(people: ApplicationPeople) -> None:
    """Raise ``RuleViolation`` where one account has or had the addresses of both: its owner would sign for both."""
    emails = (people.main_applicant_email, people.signatory_email)
    if are_two_people(people) and are_of_one_account(*emails):
        raise RuleViolation(
            _(
                "The addresses of %(main)s and %(signatory)s belong to one account in the portal, so one person would sign for both. "
                "Give %(signatory)s an own address."
            )
            % {"main": people.main_applicant_name, "signatory": people.signatory_name}
        )


def check_signs_for_one(application: Application, email: str, people: Collection[User]) -> None:
    """Raise ``RuleViolation`` for who signs through this address, as one of these people, and signed for the other already."""
    if not are_two_people(application.people):
        return
    own = mailboxes_of(people) | {mailbox(email)}
    for each in application.signatures.select_related("link", "user"):
        if not own.isdisjoint(_mailboxes_of(each)):
            raise RuleViolation(
                _(
                    "You signed as %(name)s already. The other signature has to come from somebody else, in a mailbox of their own. Are you somebody else? Then log out first."
                )
                % {"name": each.name}
            )


def _mailboxes_of(signature: DeclarationSignature) -> frozenset[str]:
    came_by = signature.link or signature.user
    assert came_by is not None  # a constraint
    reader = signature.user or reader_of(came_by.email)
    return mailboxes_of([reader] if reader else []) | {mailbox(came_by.email)}
