"""Revoking access on a conflict of interest that appears after a declaration (rules 14 and 29)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from applications.models import ReadingAccess
from applications.queries import readable_by
from decisions.queries import awaiting_decision
from hubportal.sweeps.domain.sweeping import run
from organisations.models import Representative
from reviews.domain.interests import declare_interest, revoke_access_on_conflict
from reviews.domain.measuring import record_measure
from reviews.enums import InterestOrigin
from reviews.models import InterestDeclaration
from reviews.queries import reviews_visible_to, undeclared_awaiting_advice
from reviews.tasks import CONFLICTS
from tests.factories.accounts import person
from tests.factories.moments import SEALED_AT
from tests.factories.scenarios import assigned, committee, open_to

pytestmark = pytest.mark.django_db


def test_who_comes_to_speak_for_a_member_of_the_coalition_reads_no_more() -> None:
    """Rule 29."""
    case = assigned()
    reader = case.assignments.order_by("pk")[0].reviewer
    assert readable_by(reader).filter(pk=case.pk).exists()
    Representative.objects.create(organisation=case.partners[0].organisation, user=reader, since_at=SEALED_AT)
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 1
    assert not readable_by(reader).filter(pk=case.pk).exists()
    counting = InterestDeclaration.objects.get(application=case, user=reader, replaced_at=None)
    assert (counting.has_interest, counting.origin, counting.explanation) == (
        True,
        InterestOrigin.DATA,
        case.partners[0].organisation.name,
    )
    assert case.assignments.get(reviewer=reader).ended_at == SEALED_AT
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 0
    assert ReadingAccess.objects.filter(application=case, revoked_at=None).count() == 1


def test_a_measure_on_the_tie_keeps_the_application_open() -> None:
    case = assigned()
    people = committee()
    Representative.objects.create(organisation=case.lead, user=people.officer, since_at=SEALED_AT)
    open_to(case, people.officer, at=SEALED_AT)
    tie = InterestDeclaration.objects.get(application=case, user=people.officer, replaced_at=None)
    record_measure(declaration_id=tie.pk, measure="Alleen de cijfers.", actor=people.chair, at=SEALED_AT)
    assert run(CONFLICTS, now=lambda: SEALED_AT) == 0
    assert readable_by(people.officer).filter(pk=case.pk).exists()


def test_another_interest_after_a_measure_closes_the_application_again() -> None:
    case, people = assigned(), committee()
    first = declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buurman", actor=people.officer, at=SEALED_AT
    )
    record_measure(declaration_id=first.pk, measure="Besproken.", actor=people.chair, at=SEALED_AT)
    assert readable_by(people.officer).filter(pk=case.pk).exists()
    second = declare_interest(
        application_id=case.pk, has_interest=True, explanation="Zus", actor=people.officer, at=SEALED_AT
    )
    assert (second.explanation, second.measure) == ("Zus", "")
    first.refresh_from_db()
    assert first.replaced_at == SEALED_AT
    assert not readable_by(people.officer).filter(pk=case.pk).exists()


def test_access_without_a_conflict_stays() -> None:
    case = assigned()
    access = ReadingAccess.objects.filter(application=case).first()
    assert access is not None
    assert not revoke_access_on_conflict(access_id=access.pk, at=SEALED_AT)
    access.refresh_from_db()
    assert access.revoked_at is None


def test_who_has_no_part_in_advice_or_decision_has_nothing_to_declare_for_it() -> None:
    stranger = person()
    assert not undeclared_awaiting_advice(stranger).exists()
    assert not awaiting_decision(stranger).exists()
    assert not reviews_visible_to(AnonymousUser()).exists()
