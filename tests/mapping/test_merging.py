"""Merging two organisations of the map: what is chosen is kept, talks and involvement are carried over, and back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.domain.frozen import frozen_content
from coalitions.domain.mapping import put_members_on_map
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations, versions_of
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import save_question
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.domain.unmerging import forget_merge, undo_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import Engagement, MapEntry, Merge
from mapping.queries import engagements_on_map, entry_of
from mapping.tasks import forget_merges_task
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.scenarios import sealed, started
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=3)
LONG_AFTER = AT + KEPT_IN_BIN + timedelta(minutes=1)


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


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


def mapped(
    name: str, region: Region, actor: User, *, talk: dict[str, Any] | None = None, **facts: Any
) -> Organisation:
    more = MapFacts(facts.pop("reaches", frozenset()), **(talk or {}))
    return add_to_map(facts=OrganisationFacts(name, **facts), region=region, more=more, actor=actor, at=AT)


def merge(one: Organisation, other: Organisation, region: Region, actor: User, **values: Any) -> Merge:
    values.setdefault("chosen", {})
    return merge_organisations(one_id=one.pk, other_id=other.pk, region=region, actor=actor, at=AT, **values)


def undo(merged: Merge, region: Region, actor: User) -> None:
    undo_merge(merge_id=merged.pk, region=region, actor=actor, at=LATER)


def asked(title: str, region: Region, actor: User, forms: dict[Organisation, str]) -> None:
    values: dict[str, Any] = {"title": title, "description": "", "municipality": None}
    save_question(region=region, **values, forms=forms, actor=actor, at=AT)


def everything() -> dict[str, Any]:
    """Return all that the map says, but versions and who wrote them when."""
    left_out = {"version", "changed_at", "changed_by_id", "published_at", "published_by_id", "_state"}
    rows = [
        *Organisation.objects.order_by("pk"),
        *MapEntry.objects.order_by("pk"),
        *Engagement.objects.order_by("pk"),
    ]
    said: dict[str, Any] = {
        f"{each._meta.model_name} {each.pk}": {k: v for k, v in vars(each).items() if k not in left_out}
        for each in rows
    }
    for each in Organisation.objects.all():
        said[f"works in {each.pk}"] = set(each.works_in.all())
        said[f"reaches {each.pk}"] = set(each.reaches.all())
        said[f"public {each.pk}"] = each.published_at is not None
    return said


def two(region: Region, mapper: User) -> tuple[Organisation, Organisation]:
    """Return two rows that say different things, with talks and involvement."""
    one = mapped(
        "Wijkraad Zuid",
        region,
        mapper,
        website="https://zuid.example",
        streams=["residents"],
        role="life",
        talk={"talk": "talked", "notes": "Eerste", "next_on": date(2024, 9, 2)},
    )
    other = mapped(
        "Stichting Wijkraad Zuid",
        region,
        mapper,
        kvk_number="12345678",
        role="system",
        public_contact="info@zuid.example",
        municipality=region.municipalities.get(),
        reaches=frozenset(region.municipalities.all()),
        talk={"talk": "to_call", "notes": "Tweede", "next_on": date(2024, 8, 1)},
    )
    asked("Samen", region, mapper, {one: "inform", other: "coproduce"})
    asked("Een alleen", region, mapper, {one: "advise"})
    asked("Ander alleen", region, mapper, {other: "consult"})
    return one, other


def test_what_is_chosen_and_what_only_one_says_is_kept(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(
        one,
        other,
        region,
        mapper,
        chosen={"name": one.pk, "role": other.pk, "talk": one.pk, "next_on": one.pk},
    )
    # The number belongs to its row.
    kept = Organisation.objects.get(pk=other.pk)
    assert (merged.kept, merged.gone) == (other, one)
    assert list(organisations_in(region)) == [kept]
    assert (kept.name, kept.sort_name, kept.other_names) == (
        "Wijkraad Zuid",
        "wijkraad zuid",
        "Stichting Wijkraad Zuid",
    )
    assert (kept.kvk_number, kept.website, kept.streams, kept.role, kept.public_contact) == (
        "12345678",
        "https://zuid.example",
        ["residents"],
        "system",
        "info@zuid.example",
    )
    assert set(kept.reaches.all()) == set(region.municipalities.all())
    entry = entry_of(kept, region)
    assert (entry.talk, entry.next_on, entry.notes) == ("talked", date(2024, 9, 2), "Tweede\n\nEerste")
    involved = (
        engagements_on_map()
        .order_by("question__title")
        .values_list("question__title", "organisation", "form")
    )
    assert list(involved) == [
        ("Ander alleen", kept.pk, "consult"),
        ("Een alleen", kept.pk, "advise"),
        ("Samen", kept.pk, "coproduce"),
    ]
    events = AuditEvent.objects.filter(act="mapping.merged")
    assert [(each.subject_id, each.actor_id, each.facts) for each in events] == [
        (other.pk, mapper.pk, {"organisation": one.pk, "region": region.pk})
    ]
    assert not list(every_violation())


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


def test_what_is_sealed_and_who_speaks_for_it_never_change(mapper: User) -> None:
    """Rules 4 and 26."""
    application = sealed()
    coalition = application.coalition
    user = kwartiermaker(coalition.region)
    held = coalition.lead_organisation
    partner = coalition.participations.exclude(organisation=held).get().organisation
    for each in (held, partner):
        each.works_in.add(coalition.region)
        speaker_for(each)
    frozen = frozen_content(application)
    seats = set(coalition.participations.values_list("pk", "organisation", "stated_name"))
    speakers = set(held.representatives.values_list("pk", "organisation"))
    merged = merge(held, partner, coalition.region, user, chosen={"kvk_number": partner.pk, "name": held.pk})
    assert (merged.kept, merged.gone) == (partner, held)
    assert set(coalition.participations.values_list("pk", "organisation", "stated_name")) == seats
    assert set(held.representatives.values_list("pk", "organisation")) == speakers
    assert frozen_content(application) == frozen
    forget_merge(merge_id=merged.pk, at=LONG_AFTER)
    held.refresh_from_db()
    assert (held.mapped_at, held.kvk_number != partner.kvk_number) == (None, True)
    assert set(coalition.participations.values_list("pk", "organisation", "stated_name")) == seats
    assert not list(every_violation())


def test_nobody_merges_over_what_they_did_not_see_nor_what_is_not_theirs(
    region: Region, mapper: User
) -> None:
    """Rules 12 and 22."""
    one, other = two(region, mapper)
    seen = versions_of(tuple((each, entry_of(each, region)) for each in (one, other)))  # type: ignore[arg-type]
    Organisation.objects.filter(pk=one.pk).update(version=9)
    with pytest.raises(NewerVersion):
        merge(one, other, region, mapper, seen=seen)
    with pytest.raises(NotAllowed):
        merge(one, other, region, kwartiermaker(RegionFactory.create()))
    hidden = mapped("Verborgen", there := RegionFactory.create(), kwartiermaker(there))
    with pytest.raises(Organisation.DoesNotExist):
        merge(one, hidden, region, mapper)
    with pytest.raises(Organisation.DoesNotExist):
        merge(one, one, region, mapper)
    assert not Merge.objects.exists()
    first = merge(one, other, region, mapper)
    assert merge(one, other, region, mapper) == first


def test_what_came_on_a_map_again_is_not_undone(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    Organisation.objects.filter(pk=one.pk).update(mapped_at=LATER)
    with pytest.raises(RuleViolation):
        undo(merged, region, mapper)


def numbered(organisation: Organisation, number: str, region: Region, actor: User) -> Organisation:
    version = organisation.version + entry_of(organisation, region).version
    values: dict[str, Any] = {"field": "kvk_number", "value": number, "seen_version": version, "at": LATER}
    return save_cell(organisation_id=organisation.pk, region=region, **values, actor=actor)


def test_the_number_of_the_one_that_went_is_taken_by_the_one_that_stayed(
    region: Region, mapper: User
) -> None:
    one, other = two(region, mapper)
    one = numbered(one, "87654321", region, mapper)
    merge(one, other, region, mapper, chosen={"kvk_number": one.pk})
    one.refresh_from_db()
    moved = numbered(one, "12345678", region, mapper)
    assert list(organisations_in(region)) == [moved]
    assert (moved.kvk_number, entry_of(moved, region).notes) == ("12345678", "Eerste\n\nTweede")
    assert moved.engagements.count() == 3
    assert not list(every_violation())


@pytest.mark.parametrize("by", ["kwartiermaker", "grant"])
def test_what_was_merged_away_comes_on_another_map_without_what_the_first_one_kept(
    region: Region, mapper: User, by: str
) -> None:
    """Rule 26."""
    case = started(region=RegionFactory.create())
    elsewhere = case.coalition.region
    gone = case.partners[0].organisation
    gone.works_in.add(region)
    gone.reaches.add(region.municipalities.get())
    kept = mapped("Stichting Wijkraad Zuid", region, mapper, kvk_number="12345678")
    asked("Samen", region, mapper, {gone: "inform", kept: "coproduce"})
    for each in (gone, kept):
        MapEntry.objects.update_or_create(organisation=each, region=region, defaults={"notes": "Van ons"})
    merged = merge(gone, kept, region, mapper, chosen={"kvk_number": kept.pk})
    assert merged.gone == gone
    assert (gone.works_in.count(), gone.reaches.count()) == (0, 0)
    assert (merged.before["gone"]["works_in"], merged.before["gone"]["reaches"]) == (
        [region.pk],
        [region.municipalities.get().pk],
    )
    Organisation.objects.filter(pk=gone.pk).update(municipality=None)
    if by == "grant":
        put_members_on_map([case.coalition_id], at=LATER)
    else:
        mapped("Van hen", elsewhere, kwartiermaker(elsewhere), kvk_number=gone.kvk_number)
    gone.refresh_from_db()
    assert gone.mapped_at is not None
    assert list(organisations_in(region)) == [kept]
    assert not gone.map_entries.filter(region=region).exists()
    assert (gone.engagements.count(), gone.reaches.count()) == (0, 0)
    with pytest.raises((Merge.DoesNotExist, RuleViolation)):
        undo(merged, region, mapper)
    # It can be merged anew.
    gone.works_in.add(region)
    assert merge(gone, kept, region, mapper, chosen={"kvk_number": kept.pk}).pk != merged.pk


def test_what_was_merged_into_it_goes_along_to_another_number(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    speaker_for(other)
    merged = merge(one, other, region, mapper)
    other.refresh_from_db()
    moved = numbered(other, "87654321", region, mapper)
    assert moved != other
    assert Merge.objects.get(pk=merged.pk).kept == moved
    undo(merged, region, mapper)
    assert set(organisations_in(region)) == {one, moved}
    assert entry_of(one, region).notes == "Eerste"


class TestForgetting:
    def test_waits_for_thirty_days_and_takes_the_row_that_nothing_refers_to(
        self, region: Region, mapper: User
    ) -> None:
        one, other = two(region, mapper)
        merged = merge(one, other, region, mapper)
        assert not forget_merge(merge_id=merged.pk, at=AT + KEPT_IN_BIN)
        assert forget_merge(merge_id=merged.pk, at=LONG_AFTER)
        assert not forget_merge(merge_id=merged.pk, at=LONG_AFTER)
        assert list(Organisation.objects.all()) == [other]
        assert Engagement.objects.count() == 3
        assert not list(every_violation())

    def test_is_done_by_a_job(self, region: Region, mapper: User) -> None:
        merge(*two(region, mapper), region, mapper)
        Merge.objects.update(merged_at=AT - timedelta(days=4000))
        forget_merges_task()
        assert not Merge.objects.exists()


def test_a_merge_is_of_two_and_each_goes_once(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    with refused_by("merge_of_two_organisations"), transaction.atomic():
        Merge.objects.update(kept=merged.gone)
    with refused_by("merge_once_per_organisation_that_went"), transaction.atomic():
        Merge.objects.create(kept=merged.kept, gone=merged.gone, region=region, merged_at=AT)


class TestPages:
    def test_show_both_make_one_and_two_again(self, client: Client, region: Region, mapper: User) -> None:
        """Rule 30."""
        one, other = two(region, mapper)
        page = client.get(reverse("mapping:choose_merge", args=[region.slug, one.map_key]))
        assert page.context["others"] == [other]
        address = reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key])
        page = client.get(address)
        assert list(page.context["form"].fields) == ["seen", "name", "role", "talk", "next_on"]
        text = page_text(page)
        for each in ("leefwereld", "systeemwereld", "Eerste", "Tweede", "Samen: coproduceren"):
            assert each in text
        typed = {"seen": page.context["seen"], "name": str(one.map_key), "role": str(other.map_key)}
        refused = client.post(address, typed)
        assert refused.status_code == 422
        assert refused.context["form"]["role"].value() == str(other.map_key)
        typed |= {"talk": str(one.map_key), "next_on": str(one.map_key)}
        for _twice in range(2):
            answer = client.post(address, typed)
            assert answer.headers["Location"] == reverse(
                "mapping:organisation", args=[region.slug, other.map_key]
            )
        kept = client.get(answer.headers["Location"])
        assert "Wijkraad Zuid is hiermee samengevoegd" in page_text(kept)
        [merged] = kept.context["merges"]
        undone = reverse("mapping:undo_merge", args=[region.slug, other.map_key, merged.pk])
        assert client.post(undone).headers["Location"].endswith(f"#rij-{one.map_key}")
        assert organisations_in(region).count() == 2
        # A second click.
        answer = client.post(undone)
        assert answer.headers["Location"] == reverse(
            "mapping:organisation", args=[region.slug, other.map_key]
        )
        assert organisations_in(region).count() == 2

    def test_tell_of_a_newer_version_and_keep_what_was_chosen(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 12."""
        one, other = two(region, mapper)
        chosen = dict.fromkeys(("name", "role", "talk", "next_on"), str(one.map_key))
        address = reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key])
        answer = client.post(address, {"seen": "1", **chosen})
        assert answer.status_code == 422
        assert {name: answer.context["form"][name].value() for name in chosen} == chosen
        assert "Kijk het opnieuw na." in page_text(answer)
        again = client.post(address, {"seen": answer.context["seen"], **chosen})
        assert again.status_code == 302

    @pytest.mark.parametrize("count", [1, 3])
    def test_of_choosing_asks_as_much_for_three_as_for_one(
        self,
        client: Client,
        region: Region,
        mapper: User,
        django_assert_num_queries: DjangoAssertNumQueries,
        count: int,
    ) -> None:
        one = mapped("Alfa", region, mapper)
        for each in range(count):
            mapped(f"Bravo {each}", region, mapper, municipality=region.municipalities.get())
        address = reverse("mapping:choose_merge", args=[region.slug, one.map_key])
        with django_assert_num_queries(6):
            page = client.get(address, {"zoek": "bravo"})
        assert len(page.context["others"]) == count

    def test_another_region_does_not_hear_what_was_merged(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 26."""
        elsewhere = RegionFactory.create()
        theirs = kwartiermaker(elsewhere)
        one, other = two(region, mapper)
        publish_organisation(organisation_id=other.pk, actor=mapper, at=AT)
        take_to_map(organisation_id=other.pk, region=elsewhere, actor=theirs, at=AT)
        merged = merge(one, other, region, mapper)
        log_in(client, theirs)
        page = client.get(reverse("mapping:organisation", args=[elsewhere.slug, other.map_key]))
        assert not page.context["merges"]
        undone = reverse("mapping:undo_merge", args=[elsewhere.slug, other.map_key, merged.pk])
        answers = [client.post(each) for each in (undone, undone.replace(str(merged.pk), "99999"))]
        row = reverse("mapping:organisation", args=[elsewhere.slug, other.map_key])
        assert [each.headers["Location"] for each in answers] == [row, row]
        assert Merge.objects.filter(pk=merged.pk).exists()
