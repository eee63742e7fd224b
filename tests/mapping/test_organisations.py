"""Organisations on the map: a kwartiermaker of the region adds, changes and publishes them (rule 23)."""

import dataclasses
from typing import Any

import pytest

from applications.domain.content import content_of
from applications.domain.frozen import frozen_content
from applications.domain.snapshot import snapshot_of
from coalitions.queries import named_otherwise
from decisions.domain.settling import settle_round
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.canonical import canonical_bytes
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.domain.assignments import change_regions
from mapping.domain.organisations import (
    add_to_map,
    change_organisation,
)
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.questions import save_question
from mapping.enums import ParticipationForm
from mapping.grid_queries import rows_of_map
from mapping.queries import (
    organisations_mapped_by,
)
from organisations.domain.organisations import OrganisationFacts
from organisations.legal_forms import LegalForm
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations, representations_of
from regions.models import Region
from tests.decided_world import send
from tests.factories.accounts import UserFactory, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.scenarios import facts_of, join, produced, ready, sealed, started, submitted, written
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def facts(**values: Any) -> OrganisationFacts:
    defaults: dict[str, Any] = {
        "name": "Stichting Proef (fictief)",
        "legal_form": LegalForm.FOUNDATION,
        "kvk_number": "12345678",
    }
    if "municipality" not in values:
        values["municipality"] = MunicipalityFactory.create()
    return OrganisationFacts(**{**defaults, **values})


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for region in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def test_mapping_needs_the_region() -> None:
    """Rule 22."""
    mine, other = RegionFactory.create(), RegionFactory.create()
    user = kwartiermaker(mine)
    initiative = facts(legal_form=LegalForm.INITIATIVE, kvk_number="")
    organisation = add_to_map(facts=initiative, region=mine, also_in=[other], actor=user, at=AT)
    assert set(organisation.works_in.all()) == {mine, other}
    with pytest.raises(NotAllowed):
        add_to_map(facts=initiative, region=other, actor=user, at=AT)
    with pytest.raises(NotAllowed):
        add_to_map(facts=initiative, region=mine, actor=UserFactory.create(), at=AT)


def test_the_role_without_the_region_and_the_region_without_the_role_map_nothing() -> None:
    region = RegionFactory.create()
    assignment = KwartiermakerAssignmentFactory.create(region=region)
    for user in (assignment.user, person(Role.KWARTIERMAKER), person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            add_to_map(facts=facts(), region=region, actor=user, at=AT)


def test_a_number_that_is_on_the_map_is_not_added_again() -> None:
    region = RegionFactory.create()
    user = kwartiermaker(region)
    add_to_map(facts=facts(), region=region, actor=user, at=AT)
    with pytest.raises(RuleViolation) as refusal:
        add_to_map(facts=facts(), region=region, actor=user, at=AT)
    assert refusal.value.field == "kvk_number"


def test_changing_says_which_fields_changed_and_keeps_what_they_held_out_of_the_log() -> None:
    organisation = OrganisationFactory.create()
    user = speaker_for(organisation)
    told = OrganisationFacts(
        name="De Nieuwe Naam",
        legal_form=organisation.legal_form,
        municipality=organisation.municipality,
        kvk_number=organisation.kvk_number,
    )
    changed = change_organisation(organisation_id=organisation.pk, facts=told, actor=user, at=AT)
    assert (changed.name, changed.sort_name) == ("De Nieuwe Naam", "nieuwe naam")
    assert AuditEvent.objects.latest("pk").facts == {"fields": ["name", "sort_name"]}


class TestAnotherNumber:
    """What a kwartiermaker changes on the map changes nobody's coalition or representation (rules 26 and 27)."""

    def renumbered(self, organisation: Organisation, number: str, actor: User) -> Organisation:
        told = dataclasses.replace(facts_of(organisation), name="Zoals op de kaart", kvk_number=number)
        return change_organisation(organisation_id=organisation.pk, facts=told, actor=actor, at=AT)

    def test_of_an_organisation_of_the_map_alone_is_written_on_it(self) -> None:
        organisation = OrganisationFactory.create()
        changed = self.renumbered(organisation, "99999999", kwartiermaker(organisation.municipality.region))
        assert (changed, changed.kvk_number) == (organisation, "99999999")

    def test_goes_to_the_map_and_not_to_who_takes_part_or_speaks_for_it(self) -> None:
        case = submitted()
        partner, number = case.partners[0], case.partners[0].organisation.kvk_number
        region = partner.organisation.municipality.region
        actor = kwartiermaker(region)
        publish_organisation(organisation_id=partner.organisation_id, actor=actor, at=AT)
        save_question(
            region=region,
            title="Wie praat mee?",
            description="",
            municipality=None,
            forms={partner.organisation: [next(iter(ParticipationForm))]},
            actor=actor,
            at=AT,
        )
        moved = self.renumbered(partner.organisation, "99999999", actor)
        partner.refresh_from_db()
        assert (partner.organisation.kvk_number, partner.organisation.mapped_at) == (number, None)
        assert (moved.kvk_number, moved.name, moved.published_at) == ("99999999", "Zoals op de kaart", AT)
        assert list(organisations_in(region).exclude(pk=case.lead.pk)) == [moved]
        assert moved.engagements.count() == 1
        assert list(every_violation()) == []

    @pytest.mark.parametrize("is_known", [True, False])
    def test_is_taken_whether_a_coalition_somewhere_named_it_or_not(self, *, is_known: bool) -> None:
        region = RegionFactory.create()
        organisation, actor = organisation_in(region), kwartiermaker(region)
        if is_known:
            drafted = organisation_in(
                RegionFactory.create(), kvk_number="99999999", name="Geheim", mapped_at=None
            )
            speaker = speaker_for(drafted)
        changed = self.renumbered(organisation, "99999999", actor)
        assert list(organisations_in(region)) == [changed]
        assert (changed.name, changed.kvk_number, changed.municipality.region) == (
            *("Zoals op de kaart", "99999999"),
            region,
        )
        assert Organisation.objects.count() == 1
        if is_known:
            assert representations_of(speaker).get().stated_name == "Geheim"

    def test_and_name_form_and_seat_change_nothing_that_was_written_or_sealed(self) -> None:
        """Rule 4."""
        case = sealed()
        partner = case.partners[0]
        before = (frozen_content(case), canonical_bytes(content_of(snapshot_of(case))))
        told = dataclasses.replace(
            facts_of(partner.organisation),
            name="Heel anders",
            legal_form=LegalForm.INITIATIVE,
            municipality=MunicipalityFactory.create(),
        )
        actor = kwartiermaker(partner.organisation.municipality.region)
        change_organisation(organisation_id=partner.organisation_id, facts=told, actor=actor, at=AT)
        after = (frozen_content(case), canonical_bytes(content_of(snapshot_of(case))))
        assert after == before
        assert [each.stated_name for each in named_otherwise(case.coalition)] == [partner.stated_name]
        assert list(every_violation()) == []


def test_an_outsider_changes_nothing() -> None:
    organisation = OrganisationFactory.create()
    for user in (
        UserFactory.create(),
        speaker_for(OrganisationFactory.create()),
        kwartiermaker(RegionFactory.create()),
    ):
        with pytest.raises(NotAllowed):
            change_organisation(organisation_id=organisation.pk, facts=facts(), actor=user, at=AT)


def test_the_number_of_another_organisation_is_not_taken() -> None:
    region = RegionFactory.create()
    user = kwartiermaker(region)
    one, other = organisation_in(region), organisation_in(region)
    with pytest.raises(RuleViolation) as refusal:
        change_organisation(
            organisation_id=one.pk, facts=facts(kvk_number=other.kvk_number), actor=user, at=AT
        )
    assert refusal.value.field == "kvk_number"


def test_an_organisation_is_public_only_after_a_kwartiermaker_of_its_region_published_it() -> None:
    """Rule 23."""
    region = RegionFactory.create()
    organisation = organisation_in(region)
    assert not public_organisations().exists()
    for outsider in (
        speaker_for(organisation),
        kwartiermaker(RegionFactory.create()),
        person(Role.ADMINISTRATOR),
    ):
        with pytest.raises(NotAllowed):
            publish_organisation(organisation_id=organisation.pk, actor=outsider, at=AT)
    user = kwartiermaker(region)
    publish_organisation(organisation_id=organisation.pk, actor=user, at=AT)
    assert list(public_organisations()) == [organisation]
    withdraw_publication(organisation_id=organisation.pk, actor=user, at=AT)
    assert not public_organisations().exists()


def test_publishing_twice_keeps_the_first_moment() -> None:
    region = RegionFactory.create()
    organisation, user = organisation_in(region), kwartiermaker(region)
    publish_organisation(organisation_id=organisation.pk, actor=user, at=AT)
    again = publish_organisation(organisation_id=organisation.pk, actor=user, at=AT.replace(hour=12))
    assert again.published_at == AT
    assert AuditEvent.objects.filter(act="mapping.organisation_published").count() == 1


def test_a_region_lists_who_is_seated_or_works_there_once() -> None:
    region = RegionFactory.create()
    seated, elsewhere = organisation_in(region), OrganisationFactory.create()
    seated.works_in.add(region)
    elsewhere.works_in.add(region)
    OrganisationFactory.create()
    assert set(organisations_in(region)) == {seated, elsewhere}
    assert organisations_in(region).count() == 2
    assert organisations_mapped_by(kwartiermaker(region)).count() == 2


def test_the_database_refuses_the_same_region_twice_for_a_kwartiermaker() -> None:
    assignment = KwartiermakerAssignmentFactory.create()
    with refused_by("kwartiermaker_once_per_region"):
        KwartiermakerAssignmentFactory.create(user=assignment.user, region=assignment.region)


class TestASeatThatWasWrong:
    def corrected(self, organisation: Organisation, actor: User, municipality: Any) -> None:
        known = facts(
            legal_form=LegalForm(organisation.legal_form),
            kvk_number=organisation.kvk_number,
            municipality=municipality,
        )
        change_organisation(organisation_id=organisation.pk, facts=known, actor=actor, at=AT)

    def test_leaves_nothing_behind_in_the_other_region(self) -> None:
        mine, wrong = RegionFactory.create(), MunicipalityFactory.create()
        actor = kwartiermaker(mine)
        typed = facts(legal_form=LegalForm.INITIATIVE, kvk_number="", municipality=wrong)
        organisation = add_to_map(facts=typed, region=mine, actor=actor, at=AT)
        assert list(organisations_in(wrong.region)) == [organisation]
        self.corrected(organisation, actor, MunicipalityFactory.create(region=mine))
        assert list(organisations_in(wrong.region)) == []
        assert list(organisations_in(mine)) == [organisation]

    def test_keeps_an_organisation_where_it_takes_part(self) -> None:
        case = written(partners=1)
        region, organisation = case.coalition.region, case.partners[0].organisation
        organisation.participations.update(works_in_region=False)
        self.corrected(organisation, kwartiermaker(region), MunicipalityFactory.create())
        # Tied to it by the seat that it was named with, and on no map because of a coalition of which nobody may know (rule 26).
        assert (
            organisation.participations.get().stated_municipality.region,
            organisation.works_in.exists(),
        ) == (
            region,
            False,
        )
        assert list(every_violation()) == []

    def test_keeps_an_organisation_where_a_question_involves_it(self) -> None:
        region = RegionFactory.create()
        organisation, actor = organisation_in(region), kwartiermaker(region)
        save_question(
            region=region,
            title="Wie praat mee?",
            description="",
            municipality=None,
            forms={organisation: [next(iter(ParticipationForm))]},
            actor=actor,
            at=AT,
        )
        self.corrected(organisation, actor, MunicipalityFactory.create())
        assert list(organisation.works_in.all()) == [region]


def test_only_a_kwartiermaker_is_given_a_region() -> None:
    with pytest.raises(RuleViolation, match="kwartiermaker"):
        change_regions(
            user=person(Role.REVIEWER),
            regions=[RegionFactory.create()],
            actor=person(Role.ADMINISTRATOR),
            at=AT,
        )


def test_who_only_takes_part_in_a_coalition_is_on_no_map_until_a_grant_was_sent() -> None:
    """Rule 26."""
    region = RegionFactory.create()
    actor = kwartiermaker(region)
    lead, partner = organisation_in(region, mapped_at=None), OrganisationFactory.create(mapped_at=None)
    applicant = speaker_for(lead)
    case = started(region=region, lead=lead, applicant=applicant, partners=0)
    join(case.coalition_id, region, actor=applicant, organisation=partner)
    case.partners = list(case.coalition.participations.filter(is_lead=False))
    white = lead.municipality

    def known() -> tuple[set[int], bool]:
        rows = list(rows_of_map(region, typed="", order=""))
        return {row["pk"] for row in rows}, all(row["seat"] != white.code for row in rows)

    for step in (written, ready, submitted, produced):
        step(case)
        assert known() == (set(), True), step
        for each in (lead, partner):
            with pytest.raises(NotAllowed):
                publish_organisation(organisation_id=each.pk, actor=actor, at=AT)
            with pytest.raises(NotAllowed):
                change_organisation(organisation_id=each.pk, facts=facts_of(each), actor=actor, at=AT)
    send(case.decision.letter)
    assert settle_round(round_id=case.review_round_id, at=AT)
    assert known() == ({lead.pk, partner.pk}, False)
    assert publish_organisation(organisation_id=partner.pk, actor=actor, at=AT).published_at == AT


def test_public_organisation_that_joins_a_draft_elsewhere_is_not_shown_there() -> None:
    """Rule 26."""
    case = written()
    partner = OrganisationFactory.create()
    KwartiermakerAssignmentFactory.create(
        user=(actor := person(Role.KWARTIERMAKER)), region=partner.municipality.region
    )
    publish_organisation(organisation_id=partner.pk, actor=actor, at=AT)
    join(case.coalition_id, case.coalition.region, actor=case.applicant, organisation=partner)
    assert partner not in organisations_in(case.coalition.region)


@pytest.mark.parametrize("is_represented", [True, False])
def test_kwartiermaker_puts_an_organisation_of_a_draft_on_the_map_without_hearing_of_it(
    *, is_represented: bool
) -> None:
    """Rules 26 and 27."""
    region = RegionFactory.create()
    actor = kwartiermaker(region)
    drafted = organisation_in(region, name="Zoals ingeschreven", mapped_at=None)
    if is_represented:
        speaker_for(drafted)
    typed = dataclasses.replace(
        facts_of(drafted), name="Zoals getypt", description="Helpt.", streams=["patients"]
    )
    added = add_to_map(facts=typed, region=region, actor=actor, at=AT)
    assert (added, added.mapped_at, added.description, added.streams) == (drafted, AT, "Helpt.", ["patients"])
    assert added.name == "Zoals getypt"
    if is_represented:
        assert drafted.representatives.get().stated_name == "Zoals ingeschreven"
    with pytest.raises(RuleViolation) as refusal:
        add_to_map(facts=typed, region=region, actor=actor, at=AT)
    assert refusal.value.field == "kvk_number"
