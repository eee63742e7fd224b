"""A measure covers what was known when it was recorded, and a position ties by its number (rules 14 and 29)."""

from typing import Any

import pytest
from django.urls import reverse

from applications.queries import readable_by
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion, SomebodyWasFirst
from regions.names import sort_name
from reviews.barred import barred_from_reviewing
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.domain.measuring import put_interest_aside, record_measure
from reviews.enums import AffiliationKind, InterestOrigin
from reviews.interest_queries import interests_to_settle, interests_without_measure
from reviews.models import Affiliation, CoveredTie, InterestDeclaration
from reviews.tasks import CONFLICTS, run
from reviews.ties import ties_in_short, ties_of
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, organisation_in
from tests.factories.regions import RegionFactory
from tests.factories.scenarios import committee, sealed, submitted
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    return sealed()


def reads(case: Any, user: User) -> bool:
    return readable_by(User.objects.get(pk=user.pk)).filter(pk=case.pk).exists()


def seat(user: User, organisation: Any, kind: AffiliationKind = AffiliationKind.BOARD) -> Affiliation:
    return note_affiliation(user=user, organisation=organisation, kind=kind, actor=user, at=AT)


def declared(case: Any, user: User, explanation: str = "") -> InterestDeclaration:
    return declare_interest(
        application_id=case.pk, has_interest=bool(explanation), explanation=explanation, actor=user, at=AT
    )


def measured(declaration: InterestDeclaration, **changes: Any) -> InterestDeclaration:
    values = {
        "declaration_id": declaration.pk,
        "measure": "Alleen lezen.",
        "actor": committee().chair,
        "at": AT,
    }
    return record_measure(**{**values, **changes})


def sweep() -> int:
    return run(CONFLICTS, now=lambda: AT)


class TestMeasures:
    def test_a_measure_keeps_open_what_it_covered(self, case) -> None:
        officer = person(Role.OFFICER)
        seat(officer, case.lead)
        measured(declared(case, officer))
        assert (sweep(), reads(case, officer)) == (0, True)
        assert list(CoveredTie.objects.values_list("organisation", "kind")) == [(case.lead.pk, "board")]
        # Said again: nothing changes.
        declared(case, officer)
        assert reads(case, officer)
        assert list(every_violation()) == []

    def test_a_tie_after_it_closes_again_and_asks_the_chair_anew(self, case) -> None:
        officer = person(Role.OFFICER)
        first = declared(case, officer, "Mijn buurvrouw werkt er.")
        measured(first)
        assert reads(case, officer)
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=officer)
        assert (sweep(), reads(case, officer)) == (1, False)
        second = interests_to_settle(committee().chair).get()
        assert (second.origin, second.pk != first.pk) == (InterestOrigin.DATA, True)
        assert sweep() == 0
        measured(second)
        assert (sweep(), reads(case, officer)) == (0, True)
        assert list(every_violation()) == []

    def test_another_tie_to_the_same_organisation_is_another_tie(self, case) -> None:
        officer = person(Role.OFFICER)
        seat(officer, case.lead)
        measured(declared(case, officer))
        RepresentativeFactory.create(organisation=case.lead, user=officer)
        assert (sweep(), reads(case, officer)) == (1, False)
        measured(interests_to_settle(committee().chair).get())
        seat(officer, case.lead, AffiliationKind.EMPLOYER)
        assert not reads(case, officer)

    def test_what_came_up_after_the_page_was_shown_is_not_covered_unseen(self, case, client) -> None:
        officer = person(Role.OFFICER)
        declaration = declared(case, officer, "Mijn buurvrouw werkt er.")
        log_in(client, committee().chair)
        address = reverse("admin:measure", args=[declaration.pk])
        seen = client.get(address).context["form"]["seen"].value()
        RepresentativeFactory.create(organisation=case.lead, user=officer)
        refused = client.post(address, {"measure": "Alleen lezen.", "seen": seen})
        assert refused.status_code == 422
        assert refused.context["form"]["measure"].value() == "Alleen lezen."
        assert case.lead.name in page_text(refused)
        assert not reads(case, officer)
        again = refused.context["form"]["seen"].value()
        assert again == ties_in_short(ties_of(officer, case)) != seen
        assert client.post(address, {"measure": "Alleen lezen.", "seen": again}).status_code == 302
        assert reads(case, officer)
        with pytest.raises(NewerVersion):
            measured(declaration, seen_ties="")

    def test_the_chair_sees_the_earlier_measure(self, case, client) -> None:
        officer = person(Role.OFFICER)
        measured(declared(case, officer, "Mijn buurvrouw werkt er."))
        RepresentativeFactory.create(organisation=case.lead, user=officer)
        sweep()
        log_in(client, committee().chair)
        anew = interests_to_settle(committee().chair).get()
        shown = page_text(client.get(reverse("admin:measure", args=[anew.pk])))
        assert "Alleen lezen." in shown
        assert "vertegenwoordigt deze organisatie in het portaal" in shown


class TestTheDeputy:
    def test_settles_where_the_chair_is_tied_and_declared_nothing(self, case) -> None:
        people = committee()
        declaration = declared(case, person(Role.OFFICER), "Ja")
        assert list(interests_to_settle(people.chair)) == [declaration]
        assert not interests_to_settle(people.deputy).exists()
        seat(people.chair, case.lead)
        assert not InterestDeclaration.objects.filter(user=people.chair).exists()
        assert not interests_to_settle(people.chair).exists()
        assert list(interests_to_settle(people.deputy)) == [declaration]
        assert measured(declaration, actor=people.deputy).measure_by == people.deputy

    def test_leaves_it_to_the_chair_whose_tie_a_measure_covers(self, case) -> None:
        people = committee()
        seat(people.chair, case.lead)
        of_chair = declared(case, people.chair)
        other = declared(case, person(Role.OFFICER), "Ja")
        assert set(interests_to_settle(people.deputy)) == {of_chair, other}
        measured(of_chair, actor=people.deputy)
        assert list(interests_to_settle(people.chair)) == [other]
        assert not interests_to_settle(people.deputy).exists()


class TestPuttingAside:
    def test_what_needs_nothing_waits_no_more_and_stays_closed(self, case, client) -> None:
        officer, chair = person(Role.OFFICER), committee().chair
        declaration = declared(case, officer, "Ja")
        log_in(client, chair)
        address = reverse("admin:measure", args=[declaration.pk])
        refused = client.post(address, {"put_aside": "1", "aside-reason": " "})
        assert (refused.status_code, list(refused.context["aside"].errors)) == (422, ["reason"])
        sent = {"put_aside": "1", "aside-reason": "Er zijn genoeg anderen."}
        assert [client.post(address, sent).status_code for _click in range(2)] == [302, 302]
        assert not interests_to_settle(chair).exists()
        assert list(interests_without_measure(chair)) == [declaration]
        assert not reads(case, officer)
        assert AuditEvent.objects.filter(act="reviews.interest_put_aside").count() == 1
        assert "Er zijn genoeg anderen." in page_text(client.get(reverse("admin:interests")))
        # Minds change: a measure can still be recorded.
        assert client.post(address, {"measure": "Toch nodig.", "seen": ""}).status_code == 302
        assert reads(case, officer)

    def test_an_interest_is_not_put_aside_for_a_tie_that_nobody_saw(self, case, client) -> None:
        """Rule 30."""
        officer = person(Role.OFFICER)
        declaration = declared(case, officer, "Mijn buurvrouw werkt er.")
        log_in(client, committee().chair)
        address = reverse("admin:measure", args=[declaration.pk])
        sent = {"put_aside": "1", "aside-reason": "Er zijn genoeg anderen."}
        seen = client.get(address).context["aside"]["seen"].value()
        RepresentativeFactory.create(organisation=case.lead, user=officer)
        refused = client.post(address, {**sent, "aside-seen": seen})
        assert (refused.status_code, refused.context["aside"]["reason"].value()) == (
            422,
            sent["aside-reason"],
        )
        declaration.refresh_from_db()
        assert declaration.put_aside_at is None
        again = refused.context["aside"]["seen"].value()
        assert client.post(address, {**sent, "aside-seen": again}).status_code == 302

    def test_only_by_who_could_record_a_measure_and_before_one(self, case) -> None:
        officer, chair = person(Role.OFFICER), committee().chair
        declaration = declared(case, officer, "Ja")
        values = {"declaration_id": declaration.pk, "reason": "Niets nodig.", "at": AT}
        for refused in (officer, committee().deputy):
            with pytest.raises(NotAllowed):
                put_interest_aside(**values, actor=refused)
        measured(declaration)
        with pytest.raises(RuleViolation):
            put_interest_aside(**values, actor=chair)

    def test_who_puts_it_aside_second_hears_that_the_own_reason_was_not_kept(self, case) -> None:
        """Rule 32."""
        chair, other = committee().chair, person(Role.CHAIR)
        declaration = declared(case, person(Role.OFFICER), "Ja")
        values = {"declaration_id": declaration.pk, "at": AT}
        put_interest_aside(**values, reason="Niets nodig.", actor=chair)
        with pytest.raises(SomebodyWasFirst):
            put_interest_aside(**values, reason="Ver weg.", actor=other)
        declaration.refresh_from_db()
        assert declaration.put_aside_because == "Niets nodig."


class TestPositions:
    def test_a_position_at_an_organisation_that_appears_later_ties(self) -> None:
        region, reviewer = RegionFactory.create(), person(Role.REVIEWER)
        unknown = organisation_in(region)
        number = unknown.kvk_number
        unknown.delete()
        held = note_affiliation(
            user=reviewer,
            kvk_number=number,
            name="Zorg Zelf (fictief)",
            kind=AffiliationKind.BOARD,
            actor=reviewer,
            at=AT,
        )
        assert held.organisation is None
        lead = organisation_in(region)
        type(lead).objects.filter(pk=lead.pk).update(kvk_number=number)
        lead.refresh_from_db()
        case = sealed(submitted(region=region, lead=lead))
        assert {(each.organisation, each.kind) for each in ties_of(reviewer, case)} == {(lead.pk, "board")}
        assert (case.pk, reviewer.pk) in barred_from_reviewing([case.pk])
        # Noted once more, now that the portal knows it: it is the same position.
        assert seat(reviewer, lead) == held

    def test_it_closes_what_is_open_once_the_number_appears(self, case) -> None:
        officer = person(Role.OFFICER)
        declared(case, officer)
        lead = case.lead
        number, other = lead.kvk_number, "98765432"
        type(lead).objects.filter(pk=lead.pk).update(kvk_number=other)
        note_affiliation(
            user=officer,
            kvk_number=number,
            name="Zorg Zelf (fictief)",
            kind=AffiliationKind.BOARD,
            actor=officer,
            at=AT,
        )
        assert (sweep(), reads(case, officer)) == (0, True)
        type(lead).objects.filter(pk=lead.pk).update(kvk_number=number)
        assert (sweep(), reads(case, officer)) == (1, False)

    def test_one_abroad_has_a_country_and_ties_to_whoever_has_its_name(self) -> None:
        region, reviewer = RegionFactory.create(), person(Role.REVIEWER)
        values = {"user": reviewer, "kind": AffiliationKind.BOARD, "actor": reviewer, "at": AT}
        held = note_affiliation(**values, name="  De Zorg Zélf (fictief)", country="België")
        assert (held.organisation, held.kvk_number, held.country) == (None, "", "België")
        assert note_affiliation(**values, name="Zorg zelf (fictief)", country="Belgie") == held
        name = {"name": "Zorg Zelf (fictief)", "sort_name": "zorg zelf (fictief)"}
        lead = organisation_in(region, **name)
        case = sealed(submitted(region=region, lead=lead))
        assert {(each.organisation, each.kind) for each in ties_of(reviewer, case)} == {(lead.pk, "board")}
        assert (case.pk, reviewer.pk) in barred_from_reviewing([case.pk])

    @pytest.mark.parametrize("by_job", [True, False])
    @pytest.mark.parametrize("on_map", ["", "Heel anders op de kaart"])
    def test_one_abroad_closes_what_is_open(self, case, by_job, on_map) -> None:
        """By the name of the application, also where the map has another (rule 26)."""
        officer, bystander, name = person(Role.OFFICER), person(Role.OFFICER), case.lead.name
        declared(case, officer)
        declared(case, bystander)
        if on_map:
            type(case.lead).objects.filter(pk=case.lead.pk).update(name=on_map, sort_name=sort_name(on_map))
        row = {"user": officer, "kind": AffiliationKind.BOARD, "country": "België"}
        if by_job:
            Affiliation.objects.create(**row, name=name, sort_name=sort_name(name), noted_at=AT)
        else:
            note_affiliation(**row, name=name, actor=officer, at=AT)
        assert (sweep(), reads(case, officer), reads(case, bystander)) == (int(by_job), False, True)
        told = InterestDeclaration.objects.get(user=officer, replaced_at=None)
        assert told.explanation == name

    def test_it_takes_a_number_and_a_name_or_a_country_and_a_name(self) -> None:
        user = person(Role.REVIEWER)
        values = {"user": user, "kind": AffiliationKind.BOARD, "actor": user, "at": AT}
        for given, field in (
            ({"name": "x"}, "kvk_number"),
            ({"kvk_number": "12345678", "name": " "}, "name"),
            ({"name": "x", "country": " "}, "kvk_number"),
            ({"name": " ", "country": "België"}, "name"),
        ):
            with pytest.raises(RuleViolation) as refusal:
                note_affiliation(**values, **given)
            assert refusal.value.field == field
