"""Whom others ended at an organisation: the rule for lists, in SQL, and for one place, in Python, are one (rules 27 and 28)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db.models import CharField, Value

from hubportal.accounts.models import User
from organisations.domain.organisations import stated
from organisations.domain.representing import restate
from organisations.ended import ended_by_nobody, is_ended_by_others
from organisations.models import Organisation, Representative
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, RepresentativeFactory
from tests.factories.scenarios import facts_of

pytestmark = pytest.mark.django_db

BOX = "info@kring.example"
HOUR = timedelta(hours=1)


def stated_as(organisation: Organisation) -> dict[str, Any]:
    return stated(facts_of(organisation))


def said_by(user: User, organisation: Organisation, **values: Any) -> Representative:
    return RepresentativeFactory.create(organisation=organisation, user=user, since_at=AT, **values)


def by_other() -> dict[str, Any]:
    return {"ended_at": AT, "ended_by": UserFactory.create(), "end_reason": "Weg."}


def nobody(organisation: Organisation) -> None:
    """Nothing was ever said."""


def who_speaks(organisation: Organisation) -> None:
    said_by(UserFactory.create(email=BOX), organisation)


def ended_by_another(organisation: Organisation) -> None:
    said_by(UserFactory.create(email=BOX), organisation, **by_other())


def ended_with_it_beside(organisation: Organisation) -> None:
    said_by(UserFactory.create(), organisation, ended_mailboxes=[BOX], **by_other())


def ended_and_left_it_since(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, ended_mailboxes=[BOX], **by_other())
    EmailAddress.objects.filter(user=user).delete()
    user.email = "prive@elders.example"
    user.save()


def stopped_themselves(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, ended_at=AT, ended_by=user)


def _disputed(organisation: Organisation, by: User) -> None:
    user = UserFactory.create(email=BOX)
    disputed = {"contested_at": AT, "contested_by": by, "contest_reason": "Ken ik niet."}
    said_by(user, organisation, ended_at=AT, ended_by=user, **disputed)


def stopped_while_a_colleague_disputed_it(organisation: Organisation) -> None:
    colleague = UserFactory.create()
    said_by(colleague, organisation)
    _disputed(organisation, colleague)


def stopped_while_a_stranger_disputed_it(organisation: Organisation) -> None:
    _disputed(organisation, UserFactory.create())


def stopped_while_a_colleague_disputed_it_after_another_name(organisation: Organisation) -> None:
    """Naming it otherwise ends one row and begins another, not proved yet: of that a dispute is as much."""
    colleague, user = UserFactory.create(), UserFactory.create(email=BOX)
    said_by(colleague, organisation)
    before = said_by(user, organisation)
    named = restate(before, stated_as(organisation), actor=user, at=AT + HOUR)
    Representative.objects.filter(pk=named.pk).update(
        contested_at=AT + HOUR,
        contested_by=colleague,
        contest_reason="Weg.",
        ended_at=AT + 2 * HOUR,
        ended_by=user,
    )


def named_it_otherwise_while_a_colleague_disputed_it(organisation: Organisation) -> None:
    """They go on: the office settles it."""
    colleague, user = UserFactory.create(), UserFactory.create(email=BOX)
    said_by(colleague, organisation)
    disputed = {"contested_at": AT, "contested_by": colleague, "contest_reason": "Weg."}
    restate(said_by(user, organisation, **disputed), stated_as(organisation), actor=user, at=AT + HOUR)


def stopped_while_disputed_and_only_says_so_again(organisation: Organisation) -> None:
    """Saying it anew opens nothing, and lifts nothing."""
    stopped_while_a_colleague_disputed_it(organisation)
    user = User.objects.get(email=BOX)
    unproved = {"proof": "", "proved_at": None, "proved_by": None}
    RepresentativeFactory.create(organisation=organisation, user=user, since_at=AT + HOUR, **unproved)


def ended_and_proved_anew(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, **by_other())
    said_by(user, organisation)


def ended_proved_anew_and_named_otherwise_since(organisation: Organisation) -> None:
    """The office took back what it said."""
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, proved_at=AT, **by_other())
    row = said_by(user, organisation, proved_at=AT + HOUR)
    restate(row, stated_as(organisation), actor=user, at=AT + 2 * HOUR)


def ended_proved_anew_and_left_by_themselves(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, proved_at=AT, **by_other())
    said_by(user, organisation, proved_at=AT + HOUR, ended_at=AT + 2 * HOUR, ended_by=user)


def ended_proved_anew_and_ended_again(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, proved_at=AT, **by_other())
    said_by(user, organisation, proved_at=AT + HOUR, **{**by_other(), "ended_at": AT + 2 * HOUR})


def ended_and_somebody_else_has_it_now(organisation: Organisation) -> None:
    ended_and_left_it_since(organisation)
    said_by(UserFactory.create(email=BOX), organisation)


def ended_and_only_says_so_again(organisation: Organisation) -> None:
    user = UserFactory.create(email=BOX)
    said_by(user, organisation, **by_other())
    said_by(user, organisation, proof="", proved_at=None, proved_by=None)


def ended_at_another_organisation(_organisation: Organisation) -> None:
    ended_by_another(OrganisationFactory.create())


CASES = {
    nobody: False,
    who_speaks: False,
    ended_by_another: True,
    ended_with_it_beside: True,
    ended_and_left_it_since: True,
    stopped_themselves: False,
    stopped_while_a_colleague_disputed_it: True,
    stopped_while_a_colleague_disputed_it_after_another_name: True,
    stopped_while_disputed_and_only_says_so_again: True,
    named_it_otherwise_while_a_colleague_disputed_it: False,
    stopped_while_a_stranger_disputed_it: False,
    ended_and_proved_anew: False,
    ended_proved_anew_and_named_otherwise_since: False,
    ended_proved_anew_and_left_by_themselves: False,
    ended_proved_anew_and_ended_again: True,
    ended_and_somebody_else_has_it_now: False,
    ended_and_only_says_so_again: True,
    ended_at_another_organisation: False,
}


@pytest.mark.parametrize(
    ("happened", "is_ended"), CASES.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_lists_and_places_say_the_same(happened: Any, is_ended: bool) -> None:
    organisation = OrganisationFactory.create()
    happened(organisation)
    row = Organisation.objects.annotate(box=Value(BOX, output_field=CharField()))
    listed = row.filter(~ended_by_nobody("pk", "box"), pk=organisation.pk).exists()
    assert (listed, is_ended_by_others(organisation.pk, BOX)) == (is_ended, is_ended)
