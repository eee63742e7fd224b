"""What cannot be undone is done by nobody of whom it is disputed that they speak for the organisation (rule 27)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from organisations.models import Representative
from organisations.queries import undisputed_people_of


def check_undisputed(person: User, organisation_id: int) -> None:
    """Raise ``RuleViolation`` unless somebody is proved to speak for an organisation, and no colleague disputes it."""
    if not undisputed_people_of(organisation_id).filter(pk=person.pk).exists():
        raise _disputed()


def check_not_disputed(person: User, organisation_id: int) -> None:
    """Raise ``RuleViolation`` for somebody who was proved and of whom a colleague disputes it; whoever only says so goes on."""
    disputed = Representative.objects.filter(
        user=person,
        organisation=organisation_id,
        ended_at=None,
        proved_at__isnull=False,
        contested_at__isnull=False,
    )
    if disputed.exists():
        raise _disputed()


def _disputed() -> RuleViolation:
    return RuleViolation(
        _(
            "Somebody says that you do not represent this organisation. The programme office looks into that first."
        )
    )
