"""A question hears of what comes on the map, goes off it, or becomes one: nobody overwrites what they did not see (rule 12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.kernel.versions import NewerVersion
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import save_question
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.sharing import take_to_map
from mapping.domain.unmerging import undo_merge
from mapping.models import Engagement, ParticipationQuestion
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.test_workspace_pages import question_typed
from tests.pages import page_text

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
_TITLE = "Wie rijdt ons?"


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker_in(region)
    log_in(client, user)
    return user


def mapped(region: Region, actor: User, name: str = "Zorgkring (fictief)") -> Organisation:
    return add_to_map(facts=OrganisationFacts(name), region=region, actor=actor, at=AT)


def asked(region: Region, actor: User, *rows: Organisation, **values: Any) -> ParticipationQuestion:
    values = {"title": _TITLE, "description": "", "municipality": None, **values}
    forms = {each: ["advise"] for each in rows}
    return save_question(region=region, **values, forms=forms, actor=actor, at=AT)


def versions(*questions: ParticipationQuestion) -> list[tuple[int, Any, Any]]:
    """Return the version of each question, and who wrote it when."""
    found = ParticipationQuestion.objects.in_bulk([each.pk for each in questions])
    return [(now.version, now.changed_by, now.changed_at) for now in (found[each.pk] for each in questions)]


def test_it_has_a_newer_version_after_the_bin_and_back(region: Region, mapper: User) -> None:
    row, other = mapped(region, mapper), mapped(region, mapper, "Andere kring (fictief)")
    question, unconcerned = asked(region, mapper, row), asked(region, mapper, other)
    act: dict[str, Any] = {"organisation_id": row.pk, "region": region, "actor": mapper, "at": LATER}
    for way, version in ((remove_from_map, 2), (put_back, 3), (remove_from_map, 4), (take_to_map, 5)):
        way(**act)
        assert versions(question, unconcerned) == [(version, mapper, LATER), (1, mapper, AT)]
    with pytest.raises(NewerVersion):
        asked(region, mapper, question_id=question.pk, seen_version=4)
    assert Engagement.objects.get(question=question).organisation == row


def test_it_has_a_newer_version_after_a_merge_and_its_undoing_in_each_region(
    region: Region, mapper: User
) -> None:
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    kept, gone = (mapped(region, mapper, f"Kring {name} (fictief)") for name in "AB")
    publish_organisation(organisation_id=gone.pk, actor=mapper, at=AT)
    take_to_map(organisation_id=gone.pk, region=elsewhere, actor=theirs, at=AT)
    questions = [
        asked(region, mapper, gone),
        asked(region, mapper, kept),
        asked(elsewhere, theirs, gone),
    ]
    chosen = {"name": kept.pk}
    pair = {"one_id": kept.pk, "other_id": gone.pk, "chosen": chosen}
    merge = merge_organisations(**pair, region=region, actor=mapper, at=LATER)
    assert versions(*questions) == [(2, mapper, LATER), (1, mapper, AT), (2, None, LATER)]
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert versions(*questions) == [(3, mapper, LATER), (1, mapper, AT), (3, None, LATER)]


def test_what_came_back_while_somebody_had_the_question_open_is_not_overwritten(
    client: Client, region: Region, mapper: User
) -> None:
    row, other = mapped(region, mapper), mapped(region, mapper, "Andere kring (fictief)")
    question = asked(region, mapper, row, other)
    act: dict[str, Any] = {"organisation_id": row.pk, "region": region, "actor": mapper, "at": LATER}
    remove_from_map(**act)
    page = reverse("mapping:question", args=[region.slug, question.pk])
    opened = client.get(page)
    assert [each["organisation"].value() for each in opened.context["rows"] if each["form"].value()] == [
        str(other.map_key)
    ]
    seen = opened.context["form"]["seen_version"].value()
    put_back(**act)
    typed = question_typed((str(other.map_key), "advise"), title="Wie rijdt?", seen_version=seen)
    answer = client.post(page, typed)
    assert answer.status_code == 409
    assert "Zorgkring (fictief) · adviseren" in page_text(answer)
    remove_from_map(**act)
    # What is in the bin is no part of what is kept now.
    assert "Zorgkring" not in page_text(client.post(page, typed))
    assert Engagement.objects.filter(question=question).count() == 2


def test_saving_what_is_shown_changes_nothing_while_somebody_is_in_the_bin(
    region: Region, mapper: User
) -> None:
    row, other = mapped(region, mapper), mapped(region, mapper, "Andere kring (fictief)")
    question = asked(region, mapper, row, other)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=LATER)
    asked(region, mapper, other, question_id=question.pk, seen_version=2)
    assert versions(question) == [(2, mapper, LATER)]
