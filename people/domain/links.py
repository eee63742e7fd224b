"""Links for people without an account: made, found and used."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest, without_secret
from hubportal.mail.domain.outbox import rewrite_sent
from people.enums import LinkUse
from people.models import MappedPerson, PersonLink
from people.queries import link_with, live_link_of


class AlreadyAnswered(DeadLink):
    """Somebody agreed through this link before: who did not is erased, and their link with them."""


def make_link(person: MappedPerson, use: LinkUse, *, by: User | None, at: datetime) -> str:
    """Make a link to the address of somebody, locked by the caller, and return its secret; one question has one live link."""
    if use != LinkUse.LASTING and (earlier := live_link_of(person, use)):
        withdraw_link(earlier, at=at)
    secret = new_secret()
    PersonLink.objects.create(
        person=person,
        use=use,
        email=person.email,
        secret_digest=secret_digest(secret),
        made_by=by,
        made_at=at,
        expires_at=None if use == LinkUse.LASTING else person.kept_until,
    )
    return secret


def withdraw_link(link: PersonLink, *, at: datetime) -> None:
    """Let a link work no more."""
    link.withdrawn_at = at
    link.save(update_fields=["withdrawn_at"])
    _blank(link)


def withdraw_elsewhere(person: MappedPerson, *, at: datetime) -> None:
    """Let the links at an address of before work no more; a lasting one stays where somebody answered at that address.

    Where nobody ever did, the address may be a mistake, and whoever reads mail there would erase somebody else.
    """
    links = list(person.links.all())
    proved = {mailbox(each.email) for each in links if each.used_at is not None}
    for each in links:
        address = mailbox(each.email)
        stays = address == mailbox(person.email) or (each.use == LinkUse.LASTING and address in proved)
        if not stays and each.used_at is None and each.withdrawn_at is None:
            withdraw_link(each, at=at)


def find_link(secret: str, use: LinkUse) -> PersonLink | None:
    """Return the link with a secret, whether it still works or not; ``None`` also once the person is erased."""
    return link_with(secret_digest(secret), use)


def check_alive(link: PersonLink, *, at: datetime) -> None:
    """Raise ``DeadLink`` with the reason why a link does not work any more."""
    if link.used_at is not None:
        raise AlreadyAnswered(
            _(
                "What you answered is saved. You can see what is kept of you, and withdraw your consent, through the link"
                " in our later e-mail, which stays."
            )
        )
    if link.withdrawn_at is not None:
        raise DeadLink(_("This link has been replaced by a newer one. Look for our latest e-mail."))
    # What asks something shows what is kept as well.
    if link.use != LinkUse.LASTING and mailbox(link.email) != mailbox(link.person.email):
        raise DeadLink(
            _(
                "We now reach you at another address, so this link no longer works. Look for our latest e-mail there."
            )
        )
    if at >= link.person.kept_until or (link.expires_at is not None and at >= link.expires_at):
        raise DeadLink(_("The time to answer is over. What we kept of you is being erased."))


def locked_link(link_id: int, *, at: datetime) -> PersonLink:
    """Lock somebody and the link they followed, and check that it works. Raises ``DeadLink``, also once they are erased."""
    # The person first, as in every other act.
    found = PersonLink.objects.filter(pk=link_id).values("person")
    person = MappedPerson.objects.select_for_update().filter(pk__in=found).first()
    link = PersonLink.objects.select_for_update().filter(pk=link_id).first()
    if person is None or link is None:
        raise DeadLink(_("What we kept of you has already been erased."))
    link.person = person
    check_alive(link, at=at)
    return link


def use_link(link: PersonLink, *, at: datetime) -> None:
    """Mark a locked link as used."""
    link.used_at = at
    link.save(update_fields=["used_at"])
    _blank(link)


def _blank(link: PersonLink) -> None:
    """Take the secret out of the mail that brought it: it opens nothing any more."""
    rewrite_sent(
        lambda text: without_secret(text, link.secret_digest),
        about=link.person.mails_about,
        recipient=link.email,
    )
