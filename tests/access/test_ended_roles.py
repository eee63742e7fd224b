"""Forms that were kept open and are sent after a role has ended: answered as to a stranger, and nothing is done (rule 22)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import transaction

from hubportal.accounts.domain.roles import change_roles
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel import clock
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import end_representation
from organisations.models import Representative
from tests.access.test_matrix import TABLES, path_of
from tests.access.world import PERSONAS, PRESENT, World, build
from tests.database import around_acts
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

# What they hold by a role.
OF_A_ROLE = (
    *("kwartiermaker", "reviewer", "reviewer_with_interest", "chair", "deputy", "officer", "releaser"),
    "administrator",
)
# What they hold because they speak for an organisation.
OF_AN_ORGANISATION = ("colleague",)


def test_whatever_is_sent_after_a_role_ended_is_answered_as_to_a_stranger_and_does_nothing() -> None:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    ends: dict[str, Callable[[World, str], None]] = {
        **dict.fromkeys(OF_A_ROLE, roles_end),
        **dict.fromkeys(OF_AN_ORGANISATION, representations_end),
    }
    differences = [each for persona, end in ends.items() for each in sent_after(world, persona, end)]
    assert differences == [], "\n".join(differences)


def roles_end(world: World, persona: str) -> None:
    change_roles(user=world.people[persona], roles=set(), actor=person(Role.ADMINISTRATOR), at=PRESENT)


def representations_end(world: World, persona: str) -> None:
    user = world.people[persona]
    for each in Representative.objects.filter(user=user, ended_at=None).order_by("pk"):
        end_representation(representative_id=each.pk, reason="", actor=user, at=PRESENT)


def sent_after(world: World, persona: str, end: Callable[[World, str], None]) -> Iterator[str]:
    """Yield what is answered otherwise than to somebody without a role, and what was done all the same."""
    addresses = list(posts_of(world, persona))
    assert addresses
    with around_acts():
        end(world, persona)
        before = done()
        for name, path, expected in addresses:
            cache.clear()
            status = world.clients[persona].post(path).status_code
            if status != expected:
                yield f"{persona} at {name}: {status}, not {expected}"
            if done() != before:
                yield f"{persona} at {name}: something was done"
                before = done()
        transaction.set_rollback(True)


def posts_of(world: World, persona: str) -> Iterator[tuple[str, str, int]]:
    """Yield the addresses to which a person may send something that a stranger may not, with the answer to that one."""
    own, stranger = PERSONAS.index(persona), PERSONAS.index("outsider")
    # Not their own account: a second factor stays theirs.
    for table in (TABLES["portal"], TABLES["admin"]):
        for (name, method), row in table.items():
            answers = row.split()
            if method == "POST" and answers[own] != answers[stranger]:
                yield name, path_of(world, name), int(answers[stranger])


def done() -> tuple[int, int]:
    """Return how much was recorded and mailed."""
    return AuditEvent.objects.count(), OutgoingMail.objects.count()
