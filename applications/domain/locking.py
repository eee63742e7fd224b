"""Taking hold of an application before it is changed."""

from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import WrongStatus
from applications.models import Application
from applications.permissions import may_write
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation


class NewerVersion(RuleViolation):
    """Somebody saved a newer version meanwhile; both are shown, nothing is overwritten (rule 12)."""


def locked(application_id: int) -> Application:
    """Return the application, locked until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "coalition", "coalition__lead_organisation")
        .get(pk=application_id)
    )


def locked_draft(application_id: int, actor: User) -> Application:
    """Return a draft that the actor may write on, locked. Raises ``NotAllowed`` and ``WrongStatus``."""
    application = locked(application_id)
    may_write.check(actor, application)
    if not application.is_draft:
        raise WrongStatus(_("This application was submitted, so it can no longer be changed."))
    return application


def check_version(current: int, seen: int) -> None:
    """Raise ``NewerVersion`` when what was seen is no longer what is there."""
    if seen != current:
        raise NewerVersion(
            _("Somebody else, or you in another window, saved a newer version. Compare both and choose.")
        )
