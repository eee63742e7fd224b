"""Who decides, and who releases decision letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.permissions import NOT_OPEN, opened_to
from applications.queries import represented_by
from decisions.account_queries import grants_checked_by, grants_of
from hubportal.accounts.permissions import (
    CHAIRS,
    OFFICERS,
    RELEASERS,
    Audience,
    Permission,
    Person,
    RolePermission,
)
from reviews.advice_queries import is_reviewed_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from applications.models import Application

ROUND_READERS = Audience(CHAIRS.roles | OFFICERS.roles | RELEASERS.roles)
LETTER_READERS = Audience(OFFICERS.roles | RELEASERS.roles)


def _unreviewed(audience: Audience) -> Callable[[Person], QuerySet[Application]]:
    """Return what is open to people with these roles, without the applications that they reviewed (rule 14)."""
    opened = opened_to(audience)
    return lambda person: opened.rows(person).filter(~is_reviewed_by(person))


def _refusal(audience: Audience) -> Callable[[Person, Application], _StrPromise]:
    opened = opened_to(audience)
    reviewed = _("You reviewed this application, so a colleague decides on it and releases its letter.")
    return lambda person, application: reviewed if opened.allows(person, application) else NOT_OPEN


# A page, no act: who reviewed an application sees there that a colleague decides.
may_see_case = opened_to(OFFICERS)
may_decide = Permission(_unreviewed(OFFICERS), _refusal(OFFICERS))
may_correct_letter = Permission(_unreviewed(OFFICERS), _refusal(OFFICERS))
may_post = RolePermission(OFFICERS.roles, _("Only an officer posts letters."))
may_post_letter = opened_to(OFFICERS)
may_send_letter_anew = opened_to(OFFICERS)
# Whose opening of the letter proves that it reached the addressee (rule 27).
may_receive_letter = Permission(represented_by, NOT_OPEN)
# From when its letter was sent on: before, nobody learns of a grant by trying (Awb 4:89).
may_give_bank_account = Permission(grants_of, NOT_OPEN)
# That the account was given by somebody else is asked by the act.
may_check_bank_account = Permission(grants_checked_by, NOT_OPEN)
# That it is somebody else's decision is asked of ``letters``: the recorder of a correction counts there.
may_tell_decision = Permission(_unreviewed(RELEASERS), _refusal(RELEASERS))
