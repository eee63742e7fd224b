"""What cannot be undone is done by nobody of whom it is disputed that they speak for the organisation (rule 27)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from organisations.queries import undisputed_people_of


def check_undisputed(person: User, organisation_id: int) -> None:
    """Raise ``RuleViolation`` for somebody of whom a colleague disputes that they speak for an organisation."""
    if not undisputed_people_of(organisation_id).filter(pk=person.pk).exists():
        raise RuleViolation(
            _(
                "Somebody says that you do not represent this organisation. The programme office looks into that "
                "first."
            )
        )
