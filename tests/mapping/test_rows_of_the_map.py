"""A row of the map: a name is enough, facts are shared, the talk is of one region, and nothing newer is overwritten."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.models import Application
from coalitions.domain.coalitions import add_partner
from coalitions.domain.mapping import put_members_on_map
from coalitions.models import Participation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.versions import NewerVersion
from mapping.domain.organisations import add_to_map, change_organisation
from mapping.domain.publishing import publish_organisation
from mapping.domain.rows import MapFacts
from mapping.grid_queries import rows_of_map
from mapping.models import MapEntry
from mapping.queries import organisations_mapped_by
from organisations.domain.claiming import claim_organisation
from organisations.domain.kinds import load_kinds
from organisations.domain.organisations import OrganisationFacts
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, OrganisationKind, Representative
from organisations.queries import all_kinds, organisations_in, public_organisations_by_region
from regions.models import Municipality, Region, RegionChange
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.drafts import started
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def mapper(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for region in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def known_by_name(region: Region, actor: User, **values: Any) -> Organisation:
    facts = OrganisationFacts("Zorgkring (fictief)", **values)
    return add_to_map(facts=facts, region=region, actor=actor, at=AT)


def change(organisation: Organisation, region: Region, actor: User, **values: Any) -> Organisation:
    facts = replace(OrganisationFacts(organisation.name, kvk_number=organisation.kvk_number), **values)
    return change_organisation(
        organisation_id=organisation.pk, facts=facts, region=region, more=MapFacts(), actor=actor, at=AT
    )


def test_a_name_alone_puts_an_organisation_on_the_map() -> None:
    region = RegionFactory.create()
    added = known_by_name(region, mapper(region))
    assert (added.legal_form, added.municipality, added.kind, added.mapped_at) == ("", None, None, AT)
    assert list(organisations_in(region)) == [added]
    assert list(every_violation()) == []


def test_what_is_added_twice_with_one_key_is_one_row() -> None:
    region, key = RegionFactory.create(), uuid4()
    actor = mapper(region)
    facts = OrganisationFacts("Zorgkring (fictief)")
    rows = {
        add_to_map(facts=facts, region=region, added_with=key, actor=actor, at=AT).pk for _click in range(2)
    }
    rows.add(add_to_map(facts=facts, region=region, added_with=uuid4(), actor=actor, at=AT).pk)
    assert (len(rows), Organisation.objects.count()) == (2, 2)


def test_facts_are_shared_and_the_talk_is_of_one_region() -> None:
    here, there = RegionFactory.create(), RegionFactory.create()
    actor, town = mapper(here, there), MunicipalityFactory.create()
    organisation = organisation_in(here)
    organisation.works_in.add(there)
    for region, notes in ((here, "Bellen na de zomer."), (there, "Komt 3 mei langs.")):
        change_organisation(
            organisation_id=organisation.pk,
            facts=OrganisationFacts("Zorgkring (fictief)", kvk_number=organisation.kvk_number, role="life"),
            region=region,
            more=MapFacts(frozenset([town]), talk="talked", next_on=date(2024, 5, 3), notes=notes),
            actor=actor,
            at=AT,
        )
    organisation.refresh_from_db()
    assert (organisation.role, list(organisation.reaches.all()), organisation.version) == ("life", [town], 2)
    entries = {each.region: (each.notes, each.version) for each in MapEntry.objects.all()}
    assert entries == {here: ("Bellen na de zomer.", 1), there: ("Komt 3 mei langs.", 1)}


def test_nobody_overwrites_a_version_that_they_did_not_see() -> None:
    """Rule 12."""
    region = RegionFactory.create()
    actor = mapper(region)
    organisation = known_by_name(region, actor)
    facts, also = OrganisationFacts("Nieuwe naam"), {"region": region, "more": MapFacts(notes="Mijn notitie")}
    change_organisation(
        organisation_id=organisation.pk, facts=facts, seen_version=1, actor=actor, at=AT, **also
    )
    with pytest.raises(NewerVersion):
        change_organisation(
            organisation_id=organisation.pk,
            facts=OrganisationFacts("Zorgkring (fictief)"),
            region=region,
            more=MapFacts(notes="Mijn notitie"),
            seen_version=1,
            actor=actor,
            at=AT,
        )
    # What is the same already is no newer version.
    change_organisation(
        organisation_id=organisation.pk, facts=facts, seen_version=1, actor=actor, at=AT, **also
    )
    organisation.refresh_from_db()
    assert (organisation.name, organisation.version, MapEntry.objects.get().version) == ("Nieuwe naam", 2, 1)


def test_form_shows_both_versions_and_keeps_what_was_typed(client: Client) -> None:
    """Rule 32."""
    region = RegionFactory.create()
    mine, colleague = mapper(region), mapper(region)
    organisation = known_by_name(region, mine)
    change(organisation, region, colleague, streams=["patients"], domains=["care", "youth"])
    log_in(client, mine)
    page = reverse("mapping:organisation", args=[region.slug, organisation.map_key])
    typed = {
        "name": organisation.name,
        "streams": ["councils"],
        "domains": ["care"],
        "notes": "Mijn notitie",
        "seen_version": "1",
    }
    refused = client.post(page, typed)
    # The button alone: an empty field after it would take its place.
    assert refused.content.decode().count('name="over_version"') == 1
    text = page_text(refused)
    assert (refused.status_code, colleague.full_name in text, "Mijn notitie" in text) == (409, True, True)
    assert [each.label for each in refused.context["newer"].differences] == [
        "Stromen",
        "Domeinen",
        "Notities",
    ]
    assert refused.context["newer"].differences[1].kept == "zorg, jeugd"
    assert client.post(page, {**typed, "over_version": "2"}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.streams, organisation.domains) == (["councils"], ["care"])


class TestWhatOnlyACoalitionTold:
    """Legal form and seat, which the map does not ask, are asked where somebody applies; the map hears nothing of it."""

    def told(self, organisation: Organisation, seat: Municipality) -> Representative:
        claimed = claim_organisation(
            facts=OrganisationFacts(
                "Zorgkring", LegalForm.FOUNDATION, seat, kvk_number=organisation.kvk_number
            ),
            actor=UserFactory.create(),
            at=AT,
        )
        assert claimed.organisation == organisation
        return claimed

    def named_as_partner(self, case: Application, name: str, seat: Municipality) -> Participation:
        return add_partner(
            coalition_id=case.coalition_id,
            facts=OrganisationFacts(name, LegalForm.FOUNDATION, seat, kvk_number="12345678"),
            works_in_region=True,
            contact_name="Noor",
            contact_email="noor@zorgkring.example",
            actor=case.applicant,
            at=AT,
        )

    def test_counts_where_it_was_told_and_is_not_on_the_map(self) -> None:
        """Rules 8 and 26."""
        region, seat = RegionFactory.create(), MunicipalityFactory.create()
        known = known_by_name(region, mapper(region), kvk_number="12345678")
        claimed = self.told(known, seat)
        assert (claimed.is_legal_person, claimed.stated_municipality, claimed.differs_on_map) == (
            *(True, seat),
            True,
        )
        assert facts_now(known) == (known.name, "", None, 1)
        assert not organisations_in(seat.region).exists()
        assert not organisations_mapped_by(mapper(seat.region)).exists()
        assert [row["seat"] for row in rows_of_map(region, typed="", order="")] == [None]
        Organisation.objects.filter(pk=known.pk).update(published_at=AT)
        pairs = set(public_organisations_by_region([region.pk, seat.region.pk]))
        assert pairs == {(region.pk, known.pk)}

    def test_changes_no_page_of_the_map(self, client: Client) -> None:
        """Rule 26: by difference, for who maps the region of the organisation and who maps that of its seat."""
        region, seat = RegionFactory.create(), MunicipalityFactory.create()
        actor = mapper(region, seat.region)
        known = known_by_name(region, actor, kvk_number="12345678", streams=["patients"])
        publish_organisation(organisation_id=known.pk, actor=actor, at=AT)
        log_in(client, actor)
        form = reverse("mapping:organisation", args=[region.slug, known.map_key])
        names = ("mapping:workspace", "mapping:questions", "website:region")
        case = started(partners=0)
        pages = [form, *(reverse(name, args=[each.slug]) for name in names for each in (region, seat.region))]

        def seen() -> dict[str, str]:
            # Without tokens and keys, which differ each time.
            return {
                each: re.sub(r'value="[\w-]{32,}"', "", client.get(each).content.decode()) for each in pages
            }

        before = seen()
        place = self.named_as_partner(case, known.name, seat)
        assert (place.stated_municipality, place.differs_on_map) == (seat, False)
        assert seen() == before

    def test_is_kept_whatever_the_map_says(self) -> None:
        region, seat = RegionFactory.create(), MunicipalityFactory.create()
        actor = mapper(region)
        known = known_by_name(region, actor, kvk_number="12345678")
        claimed = self.told(known, seat)
        change(known, region, actor, legal_form=LegalForm.INITIATIVE)
        claimed.refresh_from_db()
        assert (claimed.stated_legal_form, claimed.stated_municipality) == (LegalForm.FOUNDATION, seat)
        assert list(every_violation()) == []

    def test_is_not_shown_of_one_that_comes_on_the_map_by_its_number_alone(self) -> None:
        region = RegionFactory.create()
        drafted = organisation_in(RegionFactory.create(), mapped_at=None)
        added = known_by_name(region, mapper(region), kvk_number=drafted.kvk_number)
        assert (added, added.legal_form, added.municipality) == (drafted, "", None)

    def test_fills_in_what_the_map_does_not_know_once_its_grant_was_sent(self, client: Client) -> None:
        """As a newer version, so that nobody who has the form open wipes it (rule 12)."""
        region, seat = RegionFactory.create(), MunicipalityFactory.create()
        actor = mapper(region)
        known = known_by_name(region, actor, kvk_number="12345678", legal_form=LegalForm.COMPANY)
        Organisation.objects.filter(pk=known.pk).update(published_at=AT)
        case = started(partners=0)
        self.named_as_partner(case, known.name, seat)
        for _twice in range(2):
            put_members_on_map([case.coalition_id], at=AT)
        assert facts_now(known) == (known.name, LegalForm.COMPANY, seat, 2)
        assert seat.region in {each.region for each in RegionChange.objects.all()}
        log_in(client, actor)
        page = reverse("mapping:organisation", args=[region.slug, known.map_key])
        typed = {"name": known.name, "kvk_number": "12345678", "legal_form": "company", "seen_version": "1"}
        refused = client.post(page, typed)
        assert (refused.status_code, "Die is opgeslagen op" in page_text(refused)) == (409, True)
        assert [each.kept for each in refused.context["newer"].differences] == [seat.name]


def facts_now(organisation: Organisation) -> tuple[str, str, Municipality | None, int]:
    now = Organisation.objects.get(pk=organisation.pk)
    return now.name, now.legal_form, now.municipality, now.version


def test_kinds_are_data_in_two_languages_and_loading_them_again_changes_nothing() -> None:
    folder = settings.BASE_DIR / "fixtures"
    assert load_kinds(folder) == load_kinds(folder) == OrganisationKind.objects.count() >= 13
    first = all_kinds()[0]
    with translation.override("en"):
        in_english = str(first)
    assert (str(first), in_english) == ("cliëntenraad", "client council")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("organisation_in_a_known_role", {"role": "both"}),
        ("organisation_of_a_known_reach", {"reach": "world"}),
    ],
)
def test_the_database_refuses_words_that_are_on_no_list(name: str, values: dict[str, str]) -> None:
    with refused_by(name):
        OrganisationFactory.create(**values)


def test_the_database_refuses_a_second_row_of_one_organisation_in_a_region() -> None:
    region = RegionFactory.create()
    organisation = organisation_in(region)
    MapEntry.objects.create(organisation=organisation, region=region)
    with refused_by("map_entry_once_per_region"):
        MapEntry.objects.create(organisation=organisation, region=region)


def test_the_database_refuses_a_talk_in_a_state_that_is_on_no_list() -> None:
    region = RegionFactory.create()
    with refused_by("map_entry_of_a_known_talk_state"):
        MapEntry.objects.create(organisation=organisation_in(region), region=region, talk="shouting")


def test_the_database_refuses_two_rows_with_one_key() -> None:
    region, key = RegionFactory.create(), uuid4()
    MapEntry.objects.create(organisation=organisation_in(region), region=region, added_with=key)
    with refused_by("map_entry_added_once"):
        MapEntry.objects.create(organisation=organisation_in(region), region=region, added_with=key)
