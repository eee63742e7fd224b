"""Where a call takes each organisation once, its number tells nobody that it takes part elsewhere (rules 11 and 26)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import answer_by_account
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from applications.models import Application
from applications.views.steps import progress_of
from calls.models import Call
from hubportal.accounts.models import User
from organisations.models import Organisation
from regions.models import Region
from tests.applications.numbers_named import NUMBER, TYPED, Reader, Seen, in_world, told_apart
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.organisations import (
    OrganisationFactory,
    RepresentativeFactory,
    organisation_in,
    speaker_for,
)
from tests.factories.regions import MunicipalityFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

NAMED = f"{TYPED} doet in deze oproep al mee aan een andere aanvraag."


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    return make_call(allows_several_coalitions_per_organisation=False)


@pytest.fixture
def region() -> Region:
    return MunicipalityFactory.create().region


def known(region: Region) -> Organisation:
    return organisation_in(region, name=TYPED, kvk_number=NUMBER)


def in_a_draft(region: Region, call: Call) -> Any:
    """It takes part in what another coalition still writes."""
    case = scenarios.written(region=region, call=call, partners=0, coalition_name="Andere coalitie (fictief)")
    place = scenarios.join(case.coalition_id, region, actor=case.applicant, organisation=known(region))
    case.partners.append(place)
    return case


def received(region: Region, call: Call) -> None:
    """It takes part in what the call received of another coalition."""
    scenarios.submitted(in_a_draft(region, call), signed=False)


def writes(region: Region, call: Call) -> Seen:
    """Name it, ask it, have it agree through the mailbox that was asked, and look at every page."""
    # The same names whatever was made before.
    for each in (OrganisationFactory, UserFactory):
        each.reset_sequence(900)
    case = scenarios.written(region=region, call=call, partners=0)
    place = scenarios.join(
        case.coalition_id,
        region,
        actor=case.applicant,
        organisation=Organisation.objects.get(kvk_number=NUMBER),
    )
    reader = Reader(case.applicant)
    case.partners.append(place)
    _looks(reader, case)
    scenarios.consented(case, place)
    _looks(reader, case)
    reader.read_mails()
    return reader.seen


def _looks(reader: Reader, case: Application) -> None:
    for page in ("overview", "partners", "check"):
        reader.get(f"applications:{page}", case.reference)
    for page in ("coalitions:list", "applications:list", "website:start"):
        reader.get(page)
    reader.get("coalitions:detail", case.coalition_id)
    # Nothing lacks but a partner's consent, or a budget: what is refused says nothing else.
    scenarios.plan_budget(case, "0.00")
    reader.post("applications:submit", case.reference, round=case.call.rounds.get(number=1).pk)
    scenarios.plan_budget(case, "100.00")


def test_nothing_tells_who_writes_before_it_is_complete(region: Region, call: Call) -> None:
    expected, seen = (
        in_world(lambda world=world: world(region, call), lambda: writes(region, call))
        for world in (in_a_draft, received)
    )
    assert told_apart(expected, seen) == []


def second_of(region: Region, call: Call) -> Any:
    """Return a draft with a partner that the call received already."""
    received(region, call)
    case = scenarios.written(region=region, call=call, partners=0, coalition_name="Nog een (fictief)")
    organisation = Organisation.objects.get(kvk_number=NUMBER)
    place = scenarios.join(case.coalition_id, region, actor=case.applicant, organisation=organisation)
    case.partners.append(place)
    return case


def test_who_submits_what_is_complete_is_told_and_keeps_everything(
    client: Client, region: Region, call: Call
) -> None:
    case = scenarios.ready(second_of(region, call))
    log_in(client, case.applicant)
    answer = client.post(
        reverse("applications:submit", args=[case.reference]), {"round": call.rounds.get(number=1).pk}
    )
    assert (answer.status_code, NAMED in page_text(answer)) == (409, True)
    case.refresh_from_db()
    assert case.status == "draft"


def told(case: Application, user: User) -> bool:
    """Tell whether a person reads it while the draft is written."""
    snapshot = snapshot_of(Application.objects.get(pk=case.pk))
    sentences = [str(each.sentence) for each in progress_of(snapshot, user=user, at=AT).missing]
    return NAMED in sentences


def test_who_speaks_for_the_organisation_may_know_and_nobody_else_who_writes(
    region: Region, call: Call
) -> None:
    case = second_of(region, call)
    assert told(case, case.applicant) is False
    assert told(case, UserFactory.create()) is False
    assert told(case, speaker_for(case.partners[0].organisation)) is True


def test_who_writes_is_told_once_somebody_who_speaks_for_it_agreed(region: Region, call: Call) -> None:
    case = scenarios.ready(second_of(region, call))
    # By the mailbox that was asked: that proves nobody.
    assert told(case, case.applicant) is False
    case.refresh_from_db()
    speaker = speaker_for(case.partners[0].organisation)
    answer_by_account(
        application_id=case.pk,
        participation_id=case.partners[0].pk,
        answer=ConsentAnswer.GIVEN,
        reason="",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=speaker,
        at=AT,
    )
    assert told(case, case.applicant) is True


def test_the_lead_hears_it_of_itself_and_who_only_says_to_speak_for_it_does_not(
    region: Region, call: Call
) -> None:
    first = scenarios.submitted(call=call, region=region)
    case = scenarios.written(
        call=call,
        region=region,
        lead=first.lead,
        applicant=first.applicant,
        coalition_name="Nog een (fictief)",
    )
    claims = RepresentativeFactory.create(organisation=first.lead, proof="", proved_by=None, proved_at=None)
    name = case.lead.name
    said = [
        any(name in str(each.sentence) and "andere aanvraag" in str(each.sentence) for each in missing)
        for missing in (
            progress_of(snapshot_of(Application.objects.get(pk=case.pk)), user=user, at=AT).missing
            for user in (case.applicant, claims.user)
        )
    ]
    assert said == [True, False]
