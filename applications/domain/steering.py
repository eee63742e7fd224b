"""Who steers an application beside what the database keeps at each recorded act (rules 14 and 29)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from applications.enums import ConsentAnswer
from applications.models import Application, Consent, Steerer
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox


def carry_steerers(before: Application, draft: Application) -> None:
    """Tie whoever steered, agreed to or signed an application to the one that is begun with it, within the caller's act."""
    kept = before.steerers.order_by("pk").values_list("user", "mailbox")
    rows = [Steerer(application=draft, user_id=user, mailbox=box) for user, box in kept]
    given = before.consents.filter(answer=ConsentAnswer.GIVEN, link__isnull=False)
    signed = before.signatures.filter(link__isnull=False)
    for said in (given.order_by("pk"), signed.order_by("pk")):
        rows += _of_mailboxes(draft.pk, said.values_list("link__email", flat=True))
    Steerer.objects.bulk_create(rows, ignore_conflicts=True)


def keep_who_was_logged_in(application: Application, user: User | None) -> None:
    """Tie who agreed or signed through a mailed link while they were logged in, in whichever mailbox, within the caller's act (rule 14)."""
    if user is not None:
        Steerer.objects.get_or_create(application=application, user=user)


def keep_who_agreed_by_link(consents: QuerySet[Consent]) -> None:
    """Tie who agreed through a mailed link, as by an account, before their answer goes: they took part (rule 14)."""
    given = consents.filter(answer=ConsentAnswer.GIVEN, link__isnull=False).order_by("pk")
    rows = [
        row
        for key, email in given.values_list("application", "link__email")
        for row in _of_mailboxes(key, [email])
    ]
    Steerer.objects.bulk_create(rows, ignore_conflicts=True)


def _of_mailboxes(application: int, emails: Iterable[str]) -> list[Steerer]:
    return [Steerer(application_id=application, mailbox=mailbox(each)) for each in emails]
