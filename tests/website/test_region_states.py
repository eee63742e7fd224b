"""The stored public state of a region is what its coalitions come to, after every act (rule 22)."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.domain import lifecycle
from applications.domain.submitting import withdraw
from applications.enums import MoveReason, Status
from applications.models import Application
from calls.enums import Outcome
from hubportal.audit.domain.collecting import every_violation
from letters.models import Letter
from regions.domain.changes import note_changes
from regions.models import Region, RegionChange
from tests.breaking import broken, copy_of
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.factories.scenarios import produced, several_submitted, started, submitted
from tests.racing import held_open
from website.domain.states import renew_region_states
from website.enums import HubState
from website.models import RegionState
from website.queries import computed_states, public_states, with_states
from website.tasks import renew_region_states_task

pytestmark = pytest.mark.django_db

STEPS = (
    "started",
    "ready",
    "submitted",
    "sealed",
    "assigned",
    "reviewed",
    "advised",
    "decided",
    "released",
    "produced",
)


def states() -> dict[int, dict[HubState, int]]:
    """Return what pages show of every region."""
    shown = public_states(with_states(Region.objects.all()))
    return {region: each.counts for region, each in shown.items()}


def true_states() -> dict[int, dict[HubState, int]]:
    """Return what the coalitions of every region come to."""
    true = computed_states(Region.objects.values_list("pk", flat=True))
    return {region: each.counts for region, each in true.items()}


def stored_states() -> dict[int, dict[HubState, int]]:
    """Return what is stored, after a sweep that leaves nothing stale."""
    renew_region_states()
    assert not with_states(Region.objects.all()).filter(is_stale=True).exists()
    return {each.pk: each.counts for each in RegionState.objects.all()}


def test_every_act_of_a_whole_scenario_leaves_what_is_shown_true() -> None:
    quiet = RegionFactory.create()
    stored_states()
    case, told = None, []
    for step in STEPS:
        case = getattr(scenarios, step)(case)
        # Shown before the sweep and after it; a stored state that nobody noted a change of would differ.
        assert states() == true_states(), step
        assert stored_states() == true_states() == states(), step
        told.append(states()[case.coalition.region_id])
    send(Letter.objects.get(decision__application=case))
    assert states() == true_states()
    assert stored_states() == states()
    told.append(states()[case.coalition.region_id])
    assert told == [{HubState.FORMING: 1}] * 2 + [{HubState.SUBMITTED: 1}] * 8 + [{HubState.GRANTED: 1}]
    assert states()[quiet.pk] == {}
    assert list(every_violation()) == []


def test_withdrawing_is_shown_at_once() -> None:
    case = submitted()
    region = case.coalition.region_id
    assert stored_states()[region] == {HubState.SUBMITTED: 1}
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert states()[region] == {HubState.FORMING: 1} == stored_states()[region]


def test_second_coalition_of_a_region_is_counted_at_its_own_step() -> None:
    case = submitted()
    region = case.coalition.region
    stored_states()
    started(call=case.call, region=region)
    assert states()[region.pk] == {HubState.FORMING: 1, HubState.SUBMITTED: 1} == stored_states()[region.pk]


def test_moving_many_at_once_is_noted_of_each_region_once() -> None:
    first, second = several_submitted(2)
    third = submitted(call=first.call, region=first.coalition.region)
    stored_states()
    all_of_them = Application.objects.filter(pk__in=[first.pk, second.pk, third.pk])
    lifecycle.move_all(
        all_of_them, come_from=Status.SUBMITTED, to=Status.WITHDRAWN, at=AT, why=MoveReason.DEADLINE
    )
    regions = [first.coalition.region_id, second.coalition.region_id]
    assert sorted(RegionChange.objects.values_list("region", flat=True)) == sorted(regions)
    assert states() == true_states()


@pytest.mark.parametrize(
    "step", ["sealed", "assigned", "reviewed", "advised", "decided", "released", "produced"]
)
def test_what_nobody_may_know_yet_leaves_no_note(step: str) -> None:
    """Rule 26."""
    case = submitted()
    stored_states()
    getattr(scenarios, step)(case)
    assert not RegionChange.objects.exists()


def test_sending_a_rejection_leaves_no_note() -> None:
    """Rule 26."""
    case = produced(outcome=Outcome.REJECTED)
    stored_states()
    send(Letter.objects.get(decision__application=case))
    assert not RegionChange.objects.exists()


def test_renewing_is_idempotent() -> None:
    started()
    assert renew_region_states() == 1
    assert renew_region_states() == 0
    renew_region_states_task()
    assert not RegionChange.objects.exists()


def test_renewing_leaves_a_note_that_comes_in_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    coalition = started().coalition
    region = coalition.region

    def slowly(region_ids: list[int]) -> dict[int, RegionState]:
        found = computed_states(region_ids)
        copy_of(coalition, name="Nog een")
        note_changes([region.pk], at=AT)
        return found

    monkeypatch.setattr("website.domain.states.computed_states", slowly)
    renew_region_states()
    assert RegionState.objects.get(region=region).counts == {HubState.FORMING: 1}
    assert states()[region.pk] == {HubState.FORMING: 2}


@pytest.mark.django_db(transaction=True)
def test_acts_of_one_region_wait_neither_for_one_another_nor_for_the_sweep() -> None:
    case = started()
    renew_region_states()
    region = case.coalition.region_id
    with held_open(lambda: note_changes([region], at=AT)) as meanwhile:
        assert meanwhile(lambda: note_changes([region], at=AT)).result() is None
    with held_open(renew_region_states) as meanwhile:
        assert meanwhile(
            lambda: started(call=case.call, region=case.coalition.region, coalition_name="B")
        ).result()
        # Another worker leaves the region to the one that holds it.
        assert meanwhile(renew_region_states).result() == 0
    assert states() == true_states() == stored_states()


def test_stored_state_that_is_not_true_is_named() -> None:
    case = submitted()
    renew_region_states()
    RegionState.objects.update(forming=2)
    sentence = "is stored otherwise than the region's coalitions come to"
    state = RegionState.objects.get(region=case.coalition.region)
    assert list(every_violation()) == [broken(22, state, sentence)]
    # Pages do not show it once a change is noted, and the next sweep puts it right.
    note_changes([state.pk], at=AT)
    assert list(every_violation()) == []
    assert stored_states() == true_states()


# Of each page: while the region is stale, and once its state is stored.
QUERIES = {"home": (3, 2), "map": (2, 1), "region": (5, 4)}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("page", QUERIES)
def test_pages_take_the_same_queries_however_many_regions_and_coalitions(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, page: str, count: int
) -> None:
    case = started()
    region = case.coalition.region
    for number in range(1, count):
        started(call=case.call, region=region, coalition_name=f"Coalitie {number}")
        started(call=case.call)
    address = reverse(f"website:{page}", args=[region.slug] if page == "region" else [])
    stale, fresh = QUERIES[page]
    with django_assert_num_queries(stale):
        client.get(address)
    renew_region_states()
    with django_assert_num_queries(fresh):
        client.get(address)
