"""Who may release a letter (rule 19)."""

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed


def may_release(user: User, *, recorded_by_id: int) -> bool:
    """Tell whether a person may release what somebody recorded: a releaser, and somebody else.

    Whether the case is open to the person is known to the app that causes the letter.
    """
    return user.has_role(Role.RELEASER) and user.pk != recorded_by_id


def check_may_release(user: User, *, recorded_by_id: int) -> None:
    """Raise ``NotAllowed`` for somebody who may not release what that person recorded."""
    if user.has_role(Role.RELEASER) and user.pk == recorded_by_id:
        raise NotAllowed(_("You recorded this, so somebody else must release the letter."))
    if not may_release(user, recorded_by_id=recorded_by_id):
        raise NotAllowed(_("Only somebody who releases letters can do this."))
