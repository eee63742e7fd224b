"""Who was ended at an organisation agrees to no public card of it; a no is taken from each (rules 23 and 27)."""

from typing import Any

import pytest

from hubportal.accounts.enums import Role
from hubportal.kernel.one_time import DeadLink
from mapping.domain.answering import agree_by_link, check_alive, check_open, decline_by_link
from organisations.domain.representing import end_representation
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.agreeing import ADDRESS, asked
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.regions import RegionFactory
from tests.mapping.test_agreeing import kwartiermaker, mapped

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def question(region: Region) -> Any:
    mapper = kwartiermaker(region)
    row: Organisation = mapped(region, mapper, "Buurtkring Midden (fictief)")
    speaker = speaker_for(row, email=ADDRESS)
    end_representation(
        representative_id=speaker.representations.get().pk,
        reason="Een oplichter.",
        actor=person(Role.OFFICER),
        at=AT,
    )
    return asked(row, region, mapper)


def test_they_agree_and_correct_nothing_and_may_say_no(question: Any) -> None:
    with pytest.raises(DeadLink, match="niet voor deze organisatie spreekt"):
        check_alive(question, at=AT)
    with pytest.raises(DeadLink, match="niet voor deze organisatie spreekt"):
        agree_by_link(request_id=question.pk, shown="", name="Bo", at=AT)
    check_open(question, at=AT)
    assert decline_by_link(request_id=question.pk, name="Bo", reason="", at=AT).state == "declined"


def test_who_is_confirmed_anew_agrees(question: Any) -> None:
    user = question.organisation.representatives.get().user
    RepresentativeFactory.create(user=user, organisation=question.organisation)
    check_alive(question, at=AT)
