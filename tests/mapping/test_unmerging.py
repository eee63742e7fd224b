"""Undoing a merge after the map went on: what was withdrawn, written or taken off since, and other regions."""

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.questions import save_question
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.models import ParticipationQuestion
from mapping.queries import bin_of, engagements_of, engagements_on_map
from organisations.queries import organisations_in, public_organisations
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.test_merging import LATER, asked, everything, kwartiermaker, merge, two, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return MunicipalityFactory.create().region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker(region)


def test_undone_what_was_withdrawn_since_is_not_public(region: Region, mapper: User) -> None:
    """Rule 23."""
    one, other = two(region, mapper)
    for each in (one, other):
        publish_organisation(organisation_id=each.pk, actor=mapper, at=AT)
    merged = merge(one, other, region, mapper)
    withdraw_publication(organisation_id=merged.kept_id, actor=mapper, at=LATER)
    undo(merged, region, mapper)
    assert not public_organisations().exists()


def test_undone_involvement_comes_back_from_a_question_that_was_saved_since(
    region: Region, mapper: User
) -> None:
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    question = ParticipationQuestion.objects.get(title="Een alleen")
    save_question(
        region=region,
        title="Anders",
        description="",
        municipality=None,
        forms={other: ["advise"]},
        actor=mapper,
        at=LATER,
        question_id=question.pk,
    )
    undo(merged, region, mapper)
    assert [(each.organisation, each.form) for each in question.engagements.all()] == [(one, "advise")]


@pytest.mark.parametrize("is_there", [True, False])
def test_what_another_region_has_in_its_bin_stays_theirs(
    region: Region, mapper: User, *, is_there: bool
) -> None:
    """Rules 26 and 30."""
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker(elsewhere)
    one, other = two(region, mapper)
    for each in (one, other) if is_there else (one,):
        publish_organisation(organisation_id=each.pk, actor=mapper, at=AT)
        take_to_map(
            organisation_id=each.pk, region=elsewhere, more=MapFacts(notes="Van hen"), actor=theirs, at=AT
        )
    asked("Daar", elsewhere, theirs, {one: "advise"})
    remove_from_map(organisation_id=one.pk, region=elsewhere, actor=theirs, at=AT)
    before = everything()
    merged = merge(one, other, region, mapper)
    assert list(organisations_in(elsewhere)) == ([other] if is_there else [])
    assert not engagements_on_map().filter(question__region=elsewhere).exists()
    assert [each.organisation for each in bin_of(elsewhere)] == ([] if is_there else [other])
    assert not list(every_violation())
    undo(merged, region, mapper)
    assert everything() == before
    if not is_there:
        merge(one, other, region, mapper)
        put_back(organisation_id=other.pk, region=elsewhere, actor=theirs, at=LATER)
        assert list(organisations_in(elsewhere)) == [other]
        assert [each.organisation for each in engagements_of(other, elsewhere)] == [other]
