"""Taking an organisation off the map of a region: what goes along comes back, and is forgotten after thirty days."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import save_question
from mapping.domain.removing import empty_bin, put_back, remove_from_map
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.enums import KEPT_IN_BIN
from mapping.finding import Typed, doubles_of
from mapping.models import Engagement, MapEntry, ParticipationQuestion
from mapping.queries import bin_of, bins_to_empty, entry_of, organisations_mapped_by
from mapping.tasks import empty_bins_task
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations_by_region
from regions.models import Region, RegionChange
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.scenarios import submitted
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LONG_AFTER = AT + KEPT_IN_BIN + timedelta(minutes=1)


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


def mapped(region: Region, actor: User, name: str = "Zorgkring", **facts: Any) -> Organisation:
    more = MapFacts(talk="talked", notes="Bellen na de zomer")
    return add_to_map(facts=OrganisationFacts(name, **facts), region=region, more=more, actor=actor, at=AT)


def asked(region: Region, actor: User, *organisations: Organisation) -> ParticipationQuestion:
    return save_question(
        region=region,
        title="Hoe vinden jongeren hulp?",
        description="",
        municipality=None,
        forms=dict.fromkeys(organisations, "advise"),
        actor=actor,
        at=AT,
    )


def remove(organisation: Organisation, region: Region, actor: User) -> None:
    remove_from_map(organisation_id=organisation.pk, region=region, actor=actor, at=AT)


def back(organisation: Organisation, region: Region, actor: User) -> None:
    put_back(organisation_id=organisation.pk, region=region, actor=actor, at=AT)


@pytest.mark.parametrize("seat", [True, False])
def test_all_of_it_goes_and_all_of_it_comes_back(region: Region, mapper: User, *, seat: bool) -> None:
    """Rule 30."""
    row = mapped(region, mapper, municipality=region.municipalities.get() if seat else None)
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    asked(region, mapper, row)
    before = MapEntry.objects.values("talk", "notes", "next_on").get()
    for _twice in range(2):
        remove(row, region, mapper)
    row.refresh_from_db()
    assert row.published_at is None
    for known in (organisations_in(region), organisations_mapped_by(mapper)):
        assert not known.exists()
    assert not set(public_organisations_by_region([region.pk]))
    assert [each.organisation for each in bin_of(region)] == [row]
    assert not list(every_violation())
    for _twice in range(2):
        back(row, region, mapper)
    row.refresh_from_db()
    assert row.published_at is not None
    assert list(organisations_in(region)) == list(organisations_mapped_by(mapper)) == [row]
    assert set(public_organisations_by_region([region.pk])) == {(region.pk, row.pk)}
    assert MapEntry.objects.values("talk", "notes", "next_on").get() == before
    assert [(each.organisation, each.form) for each in Engagement.objects.all()] == [(row, "advise")]
    assert not bin_of(region).exists()
    events = AuditEvent.objects.filter(act__in=["mapping.removed_from_map", "mapping.put_back"]).order_by(
        "pk"
    )
    assert [(each.act, each.actor_id, each.facts) for each in events] == [
        ("mapping.removed_from_map", mapper.pk, {"region": region.pk}),
        ("mapping.put_back", mapper.pk, {"region": region.pk}),
    ]
    assert not list(every_violation())


def test_what_was_changed_in_the_bin_is_not_public_by_itself(region: Region, mapper: User) -> None:
    """Rule 23."""
    row = mapped(region, mapper)
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    remove(row, region, mapper)
    Organisation.objects.filter(pk=row.pk).update(changed_at=AT + timedelta(days=1))
    back(row, region, mapper)
    row.refresh_from_db()
    assert row.published_at is None


def test_other_maps_keep_it_and_its_talk(region: Region, mapper: User) -> None:
    """Rule 22."""
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker(elsewhere)
    row = mapped(elsewhere, theirs)
    publish_organisation(organisation_id=row.pk, actor=theirs, at=AT)
    take_to_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    asked(elsewhere, theirs, row)
    RegionChange.objects.all().delete()
    remove(row, region, mapper)
    row.refresh_from_db()
    assert (row.published_at, entry_of(row, elsewhere).notes) == (AT, "Bellen na de zomer")
    assert list(organisations_in(elsewhere)) == list(organisations_mapped_by(theirs)) == [row]
    assert set(public_organisations_by_region([region.pk, elsewhere.pk])) == {(elsewhere.pk, row.pk)}
    assert list(RegionChange.objects.values_list("region", flat=True)) == [region.pk]
    empty_bin(entry_id=MapEntry.objects.get(region=region).pk, at=LONG_AFTER)
    assert list(organisations_in(elsewhere)) == [row]
    assert Engagement.objects.count() == 1


def test_nobody_takes_off_or_puts_back_what_is_not_theirs(region: Region, mapper: User) -> None:
    """Rule 22."""
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker(elsewhere)
    row = mapped(elsewhere, theirs)
    with pytest.raises(NotAllowed):
        remove(row, elsewhere, mapper)
    with pytest.raises(NotAllowed):
        remove(row, region, mapper)
    remove(row, elsewhere, theirs)
    with pytest.raises(NotAllowed):
        back(row, elsewhere, mapper)
    with pytest.raises(NotAllowed):
        save_cell(
            organisation_id=row.pk,
            region=elsewhere,
            field="notes",
            value="x",
            seen_version=1,
            actor=mapper,
            at=AT,
        )
    assert not organisations_in(elsewhere).exists()


def test_a_question_that_is_saved_meanwhile_keeps_the_part_of_what_is_in_the_bin(
    region: Region, mapper: User
) -> None:
    row, other = mapped(region, mapper), mapped(region, mapper, "Wijkraad")
    question = asked(region, mapper, row, other)
    remove(row, region, mapper)
    save_question(
        region=region,
        title="Hoe vinden jongeren hulp?",
        description="",
        municipality=None,
        forms={},
        actor=mapper,
        at=AT,
        question_id=question.pk,
    )
    back(row, region, mapper)
    assert [each.organisation for each in question.engagements.all()] == [row]


class TestEmptying:
    def test_waits_for_thirty_days_and_forgets_all(self, region: Region, mapper: User) -> None:
        row = mapped(region, mapper)
        asked(region, mapper, row)
        remove(row, region, mapper)
        entry = MapEntry.objects.get()
        assert not bins_to_empty(at=AT + KEPT_IN_BIN).exists()
        assert not empty_bin(entry_id=entry.pk, at=AT + KEPT_IN_BIN)
        assert list(bins_to_empty(at=LONG_AFTER)) == [entry]
        assert empty_bin(entry_id=entry.pk, at=LONG_AFTER)
        assert not empty_bin(entry_id=entry.pk, at=LONG_AFTER)
        for model in (Organisation, MapEntry, Engagement):
            assert not model.objects.exists()
        assert not list(every_violation())

    def test_is_done_by_a_job(self, region: Region, mapper: User) -> None:
        row = mapped(region, mapper)
        remove(row, region, mapper)
        MapEntry.objects.update(removed_at=AT - timedelta(days=4000))
        empty_bins_task()
        assert not Organisation.objects.filter(pk=row.pk).exists()

    def test_leaves_what_was_put_back(self, region: Region, mapper: User) -> None:
        row = mapped(region, mapper)
        remove(row, region, mapper)
        back(row, region, mapper)
        assert not empty_bin(entry_id=MapEntry.objects.get().pk, at=LONG_AFTER)
        assert list(organisations_in(region)) == [row]

    @pytest.mark.parametrize("held_by", ["participation", "representative"])
    def test_never_takes_what_a_coalition_or_a_person_refers_to(self, held_by: str) -> None:
        """Rule 26: the row stays, and no kwartiermaker sees it."""
        if held_by == "participation":
            application = submitted()
            row, region = application.coalition.lead_organisation, application.coalition.region
        else:
            region = RegionFactory.create()
            row = organisation_in(region)
            speaker_for(row)
        user = kwartiermaker(region)
        row.works_in.add(region)
        remove(row, region, user)
        assert empty_bin(entry_id=MapEntry.objects.get().pk, at=LONG_AFTER)
        row.refresh_from_db()
        assert row.mapped_at is None
        assert row not in organisations_in(region)
        assert not MapEntry.objects.exists()
        assert not list(every_violation())

    def test_gives_up_the_number_that_the_region_had_apart(self, region: Region, mapper: User) -> None:
        mapped(there := RegionFactory.create(), kwartiermaker(there), kvk_number="12345678")
        row = mapped(region, mapper, kvk_number="12345678")
        assert row.apart_in == region
        speaker_for(row)
        remove(row, region, mapper)
        assert empty_bin(entry_id=entry_of(row, region).pk, at=LONG_AFTER)
        row.refresh_from_db()
        assert (row.mapped_at, row.kvk_number, row.apart_in) == (None, "", None)

    def test_keeps_it_off_the_map_of_its_seat_while_another_map_has_it(
        self, region: Region, mapper: User
    ) -> None:
        elsewhere = RegionFactory.create()
        theirs = kwartiermaker(elsewhere)
        row = mapped(elsewhere, theirs, municipality=region.municipalities.get())
        save_cell(
            organisation_id=row.pk,
            region=region,
            field="notes",
            value="Geheim",
            seen_version=9,
            was="",
            actor=mapper,
            at=AT,
        )
        remove(row, region, mapper)
        assert empty_bin(entry_id=MapEntry.objects.get(region=region).pk, at=LONG_AFTER)
        entry = MapEntry.objects.get(region=region)
        assert (entry.notes, entry.emptied_at) == ("", LONG_AFTER)
        assert not organisations_in(region).exists()
        assert not bin_of(region).exists()
        assert list(organisations_in(elsewhere)) == [row]
        # Nothing comes back by itself; it can be put on the map anew.
        publish_organisation(organisation_id=row.pk, actor=theirs, at=AT)
        take_to_map(organisation_id=row.pk, region=region, actor=mapper, at=LONG_AFTER)
        assert list(organisations_in(region)) == [row]

    def test_what_is_emptied_keeps_no_talk(self, region: Region, mapper: User) -> None:
        row = mapped(region, mapper)
        remove(row, region, mapper)
        with refused_by("map_entry_emptied_keeps_no_talk"), transaction.atomic():
            MapEntry.objects.update(emptied_at=AT)


def test_what_is_in_the_bin_is_offered_when_it_is_typed_again(region: Region, mapper: User) -> None:
    row = mapped(region, mapper)
    remove(row, region, mapper)
    [double] = doubles_of(Typed("Zorgkring"), region=region, user=mapper)
    assert (double.organisation, double.is_here, double.is_in_bin) == (row, False, True)
    take_to_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    assert list(organisations_in(region)) == [row]
    assert entry_of(row, region).notes == "Bellen na de zomer"


class TestPages:
    def test_say_what_goes_along_and_undo_it(self, client: Client, region: Region, mapper: User) -> None:
        """Rule 30."""
        row = mapped(region, mapper)
        question = asked(region, mapper, row)
        workspace = reverse("mapping:workspace", args=[region.slug])
        questions = reverse("mapping:questions", args=[region.slug])
        address = reverse("mapping:remove", args=[region.slug, row.map_key])
        text = page_text(client.get(address))
        assert "Hoe vinden jongeren hulp? (adviseren)" in text
        assert "Het gesprek, de volgende datum en de notities van deze regio." in text
        for _twice in range(2):
            answer = client.post(address, {"next": f"{workspace}?zoek=zorg"})
            assert (answer.status_code, answer.headers["Location"]) == (302, f"{workspace}?zoek=zorg")
        page = page_text(client.get(workspace))
        assert "Zorgkring staat niet meer op deze kaart." in page
        assert "Zorgkring" not in page_text(client.get(workspace))
        assert "Zorgkring" not in page_text(client.get(questions))
        assert client.get(address).status_code == 404
        form = client.get(reverse("mapping:question", args=[region.slug, question.pk]))
        assert not form.context["rows"].initial
        answer = client.post(reverse("mapping:put_back", args=[region.slug, row.map_key]))
        assert answer.headers["Location"] == f"{workspace}#rij-{row.map_key}"
        assert "Zorgkring" in page_text(client.get(questions))

    def test_of_the_bin_asks_as_much_for_three_as_for_one(
        self, client: Client, region: Region, mapper: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        address = reverse("mapping:bin", args=[region.slug])
        assert "De prullenbak is leeg" in page_text(client.get(address))
        remove(mapped(region, mapper, "Alfa"), region, mapper)
        with django_assert_num_queries(6):
            client.get(address)
        for name in ("Bravo", "Charlie"):
            remove(mapped(region, mapper, name), region, mapper)
        with django_assert_num_queries(6):
            page = client.get(address)
        assert [entry.organisation.name for entry, _until in page.context["rows"]] == [
            "Charlie",
            "Bravo",
            "Alfa",
        ]

    def test_what_is_forgotten_is_not_put_back(self, client: Client, region: Region, mapper: User) -> None:
        row = mapped(region, mapper)
        remove(row, region, mapper)
        empty_bin(entry_id=MapEntry.objects.get().pk, at=LONG_AFTER)
        assert client.post(reverse("mapping:put_back", args=[region.slug, row.map_key])).status_code == 404
