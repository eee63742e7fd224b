"""Who steers an application beside what the database keeps at each recorded act (rules 14 and 29)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from applications.enums import ConsentAnswer
from applications.models import Application, Consent, Steerer
from hubportal.accounts.queries import reader_of


def carry_steerers(before: Application, draft: Application) -> None:
    """Tie whoever steered, agreed to or signed an application to the one that is begun with it, within the caller's act."""
    steered = list(before.steerers.order_by("pk").values_list("user", flat=True))
    for said in (before.consents.filter(answer=ConsentAnswer.GIVEN), before.signatures.all()):
        steered += [user for _application, user in _readers(said)]
    _keep((draft.pk, each) for each in steered)


def keep_who_agreed_by_link(consents: QuerySet[Consent]) -> None:
    """Tie who agreed in a mailbox that they read, as by an account, before their answer goes: they took part (rule 14)."""
    _keep(_readers(consents.filter(answer=ConsentAnswer.GIVEN)))


def _readers(said: QuerySet[Any]) -> Iterator[tuple[int, int]]:
    """Yield application and account of who answered through a mailed link in a mailbox that they confirmed as theirs."""
    rows = said.filter(link__isnull=False).order_by("pk")
    for application, email in rows.values_list("application", "link__email"):
        reader = reader_of(email)
        if reader is not None:
            yield application, reader.pk


def _keep(steered: Iterable[tuple[int, int]]) -> None:
    Steerer.objects.bulk_create(
        [Steerer(application_id=application, user_id=user) for application, user in dict.fromkeys(steered)],
        ignore_conflicts=True,
    )
