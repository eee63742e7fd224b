"""Undoing a merge after the map went on: what was withdrawn, written or taken off since, and other regions."""

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed
from mapping.domain.cells import save_cell
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.questions import save_question
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.models import Merge, ParticipationQuestion
from mapping.queries import bin_of, engagements_of, engagements_on_map, entry_of
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.merged import LATER, asked, everything, kwartiermaker, merge, two, undo

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


@pytest.mark.parametrize("public", [[], ["one"], ["other"], ["one", "other"]])
def test_undone_all_is_as_it_was(region: Region, mapper: User, public: list[str]) -> None:
    """Rule 30."""
    rows = dict(zip(("one", "other"), two(region, mapper), strict=True))
    for each in public:
        publish_organisation(organisation_id=rows[each].pk, actor=mapper, at=AT)
    before = everything()
    merged = merge(rows["one"], rows["other"], region, mapper, chosen={"name": rows["one"].pk})
    assert public_organisations().count() == bool(public)
    assert everything() != before
    undo(merged, region, mapper)
    assert everything() == before
    assert not Merge.objects.exists()
    assert not list(every_violation())
    with pytest.raises(Merge.DoesNotExist):
        undo(merged, region, mapper)


def test_undone_what_was_changed_since_stays(region: Region, mapper: User) -> None:
    """Rule 12."""
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    kept = merged.kept
    for field, value in (("website", "https://nieuw.example"), ("notes", "Derde")):
        version = Organisation.objects.get(pk=kept.pk).version + entry_of(kept, region).version
        save_cell(
            organisation_id=kept.pk,
            region=region,
            field=field,
            value=value,
            seen_version=version,
            actor=mapper,
            at=LATER,
        )
    undo(merged, region, mapper)
    kept.refresh_from_db()
    assert (kept.website, entry_of(kept, region).notes) == ("https://nieuw.example", "Derde")
    assert entry_of(one, region).notes == "Eerste"


def test_other_regions_keep_their_talks_and_get_the_one_that_stays(region: Region, mapper: User) -> None:
    """Rule 22."""
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker(elsewhere)
    one, other = two(region, mapper)
    publish_organisation(organisation_id=one.pk, actor=mapper, at=AT)
    take_to_map(organisation_id=one.pk, region=elsewhere, more=MapFacts(notes="Van hen"), actor=theirs, at=AT)
    before = everything()
    merged = merge(one, other, region, mapper)
    assert list(organisations_in(elsewhere)) == [other]
    assert entry_of(other, elsewhere).notes == "Van hen"
    with pytest.raises(NotAllowed):
        undo(merged, region, theirs)
    undo(merged, region, mapper)
    assert everything() == before
