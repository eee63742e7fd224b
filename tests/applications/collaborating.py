"""Inviting people to a draft."""

from typing import Any

from applications.domain.collaborating import accept_invitation, invite_collaborator
from applications.enums import CollaboratorRight
from applications.models import Collaborator
from hubportal.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT


def invited(case: Any, email: str = "hulp@elders.example", **values: Any) -> Collaborator:
    """Invite somebody to write a draft along."""
    arguments = {
        "application_id": case.pk,
        "name": "Hanna Hulp (fictief)",
        "email": email,
        "right": CollaboratorRight.WRITE,
        "participation_id": None,
        "actor": case.applicant,
        "at": AT,
    }
    return invite_collaborator(**{**arguments, **values})


def joined(case: Any, user: User | None = None, **values: Any) -> User:
    """Return somebody, or this person, who takes part in a draft."""
    user = user or UserFactory.create()
    accept_invitation(key=invited(case, user.email, **values).key, actor=user, at=AT)
    return user
