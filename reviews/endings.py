"""What ends with a role."""

from datetime import datetime

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from reviews.domain.placing import give_back_work


def role_ended(*, user: User, role: Role, actor: User, at: datetime) -> None:
    """Give back the open assignments of somebody who is no reviewer any more (rule 29)."""
    if role == Role.REVIEWER:
        give_back_work(user=user, actor=actor, at=at)
