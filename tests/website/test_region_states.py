"""The stored public state of a region is what may be known of it, after every act (rules 22 and 26)."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.domain.submitting import withdraw
from calls.enums import Outcome
from calls.models import Call
from coalitions.domain.coalitions import choose_to_be_shown
from coalitions.models import Coalition
from decisions.domain.settling import settle_round
from decisions.tasks import settle_rounds_task
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from letters.models import Letter
from mapping.domain.organisations import change_organisation
from mapping.domain.publishing import publish_organisation, withdraw_publication
from regions.domain.changes import note_changes
from regions.models import Region, RegionChange
from tests.breaking import broken, copy_of, force
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import CallFactory
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
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


def open_call(**values: Any) -> Call:
    """Return a call that shows from which regions applications came."""
    return CallFactory.create(shows_applications=True, **values)


def show(case: Any, *, is_shown: bool = True) -> None:
    """Let a coalition choose to be on the map, or take it back."""
    choose_to_be_shown(coalition_id=case.coalition_id, is_shown=is_shown, actor=case.applicant, at=AT)


@pytest.mark.parametrize("shows_applications", [True, False])
def test_every_act_of_a_whole_scenario_leaves_what_is_shown_true(*, shows_applications: bool) -> None:
    call = CallFactory.create(shows_applications=shows_applications)
    quiet = RegionFactory.create()
    stored_states()
    case, told = None, []
    for step in STEPS:
        case = getattr(scenarios, step)(case, call=call)
        if step == "started":
            assert states()[case.coalition.region_id] == {}
            show(case)
        # Shown before the sweep and after it; a stored state that nobody noted a change of would differ.
        assert states() == true_states(), step
        assert stored_states() == true_states() == states(), step
        told.append(states()[case.coalition.region_id])
        assert not settle_round(round_id=call.rounds.get(number=1).pk, at=AT), step
    send(Letter.objects.get(decision__application=case))
    assert states() == true_states()
    assert stored_states() == states()
    told.append(states()[case.coalition.region_id])
    received = HubState.SUBMITTED if shows_applications else HubState.FORMING
    assert told == [{HubState.FORMING: 1}] * 2 + [{received: 1}] * 8 + [{HubState.GRANTED: 1}]
    assert states()[quiet.pk] == {}
    assert list(every_violation()) == []


def test_refused_and_withdrawn_look_like_undecided_until_every_letter_was_sent_and_then_like_nothing() -> (
    None
):
    call = open_call()
    granted, refused, withdrawn = several_submitted(3, call=call)
    regions = [each.coalition.region_id for each in (granted, refused, withdrawn)]
    review_round = granted.review_round_id
    received = {HubState.SUBMITTED: 1}

    def shown() -> list[dict[HubState, int]]:
        assert states() == true_states()
        assert stored_states() == states()
        settle_rounds_task()
        assert stored_states() == true_states() == states()
        return [states()[each] for each in regions]

    assert shown() == [received] * 3
    withdraw(application_id=withdrawn.pk, actor=withdrawn.applicant, at=AT)
    assert shown() == [received] * 3
    produced(refused, outcome=Outcome.REJECTED)
    produced(granted)
    send(Letter.objects.get(decision__application=refused))
    assert shown() == [received] * 3
    send(Letter.objects.get(decision__application=granted))
    # The letter of the grant was the last one, so nothing is deduced from its neighbours before it.
    assert shown() == [{HubState.GRANTED: 1}, {}, {}]
    assert not settle_round(round_id=review_round, at=AT)
    assert AuditEvent.objects.filter(act="calls.round_settled").count() == 1
    assert list(every_violation()) == []


def test_round_that_is_settled_too_early_is_named() -> None:
    case = submitted()
    review_round = force(case.review_round, settled_at=AT)
    sentence = "is settled although a letter of it was not sent"
    assert list(every_violation()) == [broken(26, review_round, sentence)]


def test_coalition_is_on_the_map_by_its_own_choice_which_it_can_take_back() -> None:
    case = started()
    region = case.coalition.region_id
    assert stored_states()[region] == {}
    for _click in range(2):
        show(case)
    assert states()[region] == {HubState.FORMING: 1} == stored_states()[region]
    for _click in range(2):
        show(case, is_shown=False)
    assert states()[region] == {} == stored_states()[region]
    acts = AuditEvent.objects.filter(act__in=["coalitions.shown", "coalitions.hidden"])
    assert acts.count() == 2


def test_only_the_lead_organisation_puts_its_coalition_on_the_map() -> None:
    case = started()
    for stranger in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
        with pytest.raises(NotAllowed):
            choose_to_be_shown(coalition_id=case.coalition_id, is_shown=True, actor=stranger, at=AT)


@pytest.mark.parametrize("step", ["started", "submitted", "produced"])
def test_practice_is_on_no_map(step: str) -> None:
    call = open_call(is_rehearsal=True)
    case = getattr(scenarios, step)(call=call)
    show(case)
    region = case.coalition.region_id
    assert states()[region] == {} == stored_states()[region]
    # A coalition that applies for real as well is.
    started(call=open_call(), region=case.coalition.region, lead=case.lead, applicant=case.applicant)
    assert states()[region] == {HubState.FORMING: 1} == stored_states()[region]


def test_region_with_public_organisations_shows_them_wherever_they_are_active() -> None:
    here, elsewhere = RegionFactory.create(), RegionFactory.create()
    kwartiermaker = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=kwartiermaker, region=here)
    organisation = organisation_in(here)
    organisation.works_in.add(elsewhere)
    stored_states()
    act = {"organisation_id": organisation.pk, "actor": kwartiermaker, "at": AT}
    publish_organisation(**act)
    assert states() == true_states() == stored_states()
    assert states() == {here.pk: {HubState.MAPPED: 1}, elsewhere.pk: {HubState.MAPPED: 1}}
    municipality = MunicipalityFactory.create()
    facts = replace(scenarios.facts_of(organisation), municipality=municipality)
    change_organisation(facts=facts, **act)
    assert states() == true_states() == stored_states()
    assert states()[municipality.region_id] == {HubState.MAPPED: 1}
    organisation.works_in.add(here)
    withdraw_publication(**act)
    assert states() == true_states() == stored_states()
    assert set(map(str, states().values())) == {"{}"}


def test_second_coalition_of_a_region_is_counted_at_its_own_step() -> None:
    case = submitted(call=open_call())
    region = case.coalition.region
    stored_states()
    show(started(call=case.call, region=region))
    assert states()[region.pk] == {HubState.FORMING: 1, HubState.SUBMITTED: 1} == stored_states()[region.pk]


@pytest.mark.parametrize(
    "step", ["sealed", "assigned", "reviewed", "advised", "decided", "released", "produced"]
)
def test_what_nobody_may_know_yet_leaves_no_note(step: str) -> None:
    """Rule 26."""
    case = submitted(call=open_call())
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
    case = started()
    show(case)
    coalition = Coalition.objects.get(pk=case.coalition_id)
    region = coalition.region

    def slowly(region_ids: list[int]) -> dict[int, RegionState]:
        found = computed_states(region_ids)
        copy_of(coalition, name="Nog een", is_shown=True)
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
    sentence = "is stored otherwise than what may be known of the region comes to"
    state = RegionState.objects.get(region=case.coalition.region)
    assert list(every_violation()) == [broken(26, state, sentence)]
    # Pages do not show it once a change is noted, and the next sweep puts it right.
    note_changes([state.pk], at=AT)
    assert list(every_violation()) == []
    assert stored_states() == true_states()


# Of each page: while the region is stale, and once its state is stored.
QUERIES = {"home": (4, 2), "map": (3, 1), "region": (11, 9)}


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
