"""Filling the demo: the call of 2024 as it went, and the rehearsal call halfway."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from applications.domain.consents import ask_consent
from applications.models import Application
from calls.models import Call
from demo.cases import DemoCase, cases
from demo.cast import APPLICANT, COLLEAGUE, KWARTIERMAKER, NEWCOMER, OFFICER, PARTNER, REVIEWER_THREE
from demo.domain import applying, assessing
from demo.domain.calendar import Play, advise_all, apply_all, play, review_all
from demo.domain.clock import restore_clock
from demo.domain.coalition_of_region import ask_the_kwartiermaker, find_each_other
from demo.domain.completing import ask_for_more, complete_it
from demo.domain.conversations import write_to_each_other
from demo.domain.jobs import OwnHands
from demo.domain.leaving import ask_for_a_draft, offer_the_lead
from demo.domain.messages_of_residents import write_to_kwartiermaker
from demo.domain.paying import give_accounts
from demo.domain.people import seat_cast
from demo.domain.people_of_region import write_people_down
from demo.domain.public_cards import ask_about_cards
from demo.domain.questions_of_call import ask_about_call
from demo.domain.questions_of_region import ask_questions, take_part
from demo.domain.regional_picture_of_region import write_regional_picture
from demo.domain.spreadsheet_of_region import leave_a_spreadsheet
from demo.domain.ties_of_region import tie_them
from demo.domain.writing_together import (
    ask_before_agreeing,
    invite_along,
    share_tasks,
    talk_about_it,
    write_together,
)
from hubportal.accounts.models import User
from hubportal.kernel import clock
from hubportal.kernel.clock import local_date
from letters.domain.loading import load_call_2024, load_rehearsal
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.representatives import recommend_to_office
from mapping.domain.rows import MapFacts
from mapping.enums import TalkState
from organisations.domain.claiming import claim_organisation
from organisations.domain.kinds import load_kinds
from organisations.domain.organisations import OrganisationFacts
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.legal_forms import LegalForm
from organisations.models import Representative
from organisations.queries import all_kinds
from organisations.streams import Stream
from regions.domain.loading import load_regions
from regions.models import Region
from retention.domain.loading import load_periods
from reviews.domain.interests import note_affiliation
from reviews.enums import AffiliationKind

PER_ROUND_2024 = 2
_FIRST_REHEARSAL_CASE = 60


def load_all(folder: Path) -> None:
    """Load the reference data and both calls. Idempotent."""
    present = datetime.now(UTC)
    load_regions(folder)
    load_kinds(folder)
    load_call_2024(folder, at=present)
    load_periods(folder)
    load_rehearsal(folder, today=clock.local_date(present), at=present)


def is_filled() -> bool:
    """Tell whether the demo has its cases."""
    return Application.objects.exists()


def seed(folder: Path) -> bool:
    """Fill an empty demo; ``False`` when somebody applied already."""
    load_all(folder)
    people = seat_cast(at=datetime.now(UTC))
    if is_filled():
        return False
    hands = OwnHands()
    try:
        _map_regions(people)
        _play_2024(people, hands)
        _play_rehearsal(people, hands)
    finally:
        restore_clock()
    return True


def _play_2024(people: dict[str, User], hands: OwnHands) -> None:
    call = Call.objects.get(slug="coalitievorming-2024")
    regions = list(Region.objects.order_by("code"))
    numbered = list(cases(regions, PER_ROUND_2024 * call.rounds.count()))
    per_round = {
        each.number: numbered[(each.number - 1) * PER_ROUND_2024 : each.number * PER_ROUND_2024]
        for each in call.rounds.all()
    }
    for _report in play(Play(call, per_round, people, hands)):
        pass
    give_accounts(call, people, at=clock.now())


def _play_rehearsal(people: dict[str, User], hands: OwnHands) -> None:
    """Leave something waiting for everybody: to review, to advise, to decide, to release, to write."""
    call = Call.objects.get(is_rehearsal=True)
    regions = list(Region.objects.order_by("code"))
    first, second = call.rounds.order_by("number")[:2]
    early = list(cases(regions, 3, start=_FIRST_REHEARSAL_CASE))
    late = list(cases(regions, 3, start=_FIRST_REHEARSAL_CASE + 3))
    the_play = Play(call, {first.number: early, second.number: late}, people, hands)
    _tie_third_reviewer(people, late[0])
    for each in (first, second):
        moment = each.deadline_at - timedelta(hours=3)
        hands.move_clock(moment)
        apply_all(the_play, each, moment)
        hands.move_clock(each.deadline_at + timedelta(minutes=5))
        hands.finish(call)
    moment = first.deadline_at + timedelta(days=20)
    hands.move_clock(moment)
    review_all(the_play, first, moment)
    advise_all(the_play, first, moment)
    assessing.decide(the_play.applications[early[0].number], early[0], people, at=moment)
    hands.move_clock(datetime.now(UTC))
    hands.finish(call)
    # So that the applicant of the demo has something that was submitted too.
    applying.register_lead(early[0], people[APPLICANT.key], at=clock.now())
    discussed = the_play.applications[early[0].number]
    write_to_each_other(discussed, people[APPLICANT.key], people[OFFICER.key], at=clock.now())
    ask_about_call(call, people[APPLICANT.key], people[OFFICER.key], at=clock.now())
    # One waits for this applicant, one was completed by its own.
    applying.register_lead(late[1], people[APPLICANT.key], at=clock.now())
    awaiting, completed = (the_play.applications[each.number] for each in late[1:])
    for asked in (awaiting, completed):
        ask_for_more(asked, people[OFFICER.key], at=clock.now())
    complete_it(completed, completed.created_by, at=clock.now())
    _start_drafts(call, people, regions, first_case=_FIRST_REHEARSAL_CASE + 6)
    hands.finish(call)


def _tie_third_reviewer(people: dict[str, User], case: DemoCase) -> None:
    """Let one reviewer have a board seat at an organisation of a case, so that interest closes something."""
    organisation = applying.register_lead(case, people[APPLICANT.key], at=clock.now())
    Representative.objects.filter(organisation=organisation).delete()
    reviewer = people[REVIEWER_THREE.key]
    note_affiliation(
        user=reviewer, organisation=organisation, kind=AffiliationKind.BOARD, actor=reviewer, at=clock.now()
    )


def _start_drafts(call: Call, people: dict[str, User], regions: list[Region], *, first_case: int) -> None:
    """Give the demo's applicant a draft, written with a colleague, that waits for its partner, who has an account."""
    at, applicant = clock.now(), people[APPLICANT.key]
    begun = at - timedelta(days=3)
    case, left, offered = cases(regions, 3, start=first_case)
    coalition = applying.form_coalition(case, applicant, at=begun)
    applying.register_lead(case, people[COLLEAGUE.key], at=begun)
    applying.register_partner(case, 1, people[PARTNER.key], at=at)
    # A colleague of the partner's, whom nobody has confirmed yet.
    applying.register_partner(case, 1, people[NEWCOMER.key], at=at, is_confirmed=False)
    third = call.rounds.get(number=3)
    application = applying.write_application(
        case, coalition, call, applicant, starts_on=third.award_expected_on + timedelta(days=14), at=begun
    )
    write_together(application, applicant, people[COLLEAGUE.key], at=begun)
    talk_about_it(application, applicant, people[COLLEAGUE.key], at=begun + timedelta(days=2))
    for each in coalition.participations.filter(is_lead=False):
        ask_consent(application_id=application.pk, participation_id=each.pk, actor=applicant, at=at)
    ask_the_kwartiermaker(coalition.lead_organisation, call, people, at=at)
    lead, partner = coalition.participations.order_by("-is_lead", "pk")[:2]
    invite_along(application, applicant, partner, people[PARTNER.key], at=at)
    share_tasks(application, applicant, people[PARTNER.key], at=at + timedelta(hours=1))
    ask_before_agreeing(application, partner, people[PARTNER.key], at=at)
    _leave_a_draft(call, left, people, at=at)
    _offer_a_draft(call, offered, people, at=at)
    find_each_other([(lead, applicant), (partner, people[PARTNER.key])], people[KWARTIERMAKER.key], at=at)


def _leave_a_draft(call: Call, case: DemoCase, people: dict[str, User], *, at: datetime) -> None:
    """Let a colleague leave a draft behind, for which a newcomer of the same organisation asks the office."""
    holder, newcomer = people[COLLEAGUE.key], people[NEWCOMER.key]
    begun = at - timedelta(days=20)
    coalition = applying.form_coalition(case, holder, at=begun)
    applying.claim_lead(case, newcomer, at=begun)
    third = call.rounds.get(number=3)
    application = applying.write_application(
        case, coalition, call, holder, starts_on=third.award_expected_on + timedelta(days=14), at=begun
    )
    ask_for_a_draft(application, coalition, holder, newcomer, at=at)


def _offer_a_draft(call: Call, case: DemoCase, people: dict[str, User], *, at: datetime) -> None:
    """Let the lead of a draft, which found that it has no time for it, offer the lead to its partner."""
    holder, begun = people[COLLEAGUE.key], at - timedelta(days=20)
    coalition = applying.form_coalition(case, holder, at=begun)
    applying.register_partner(case, 1, people[PARTNER.key], at=begun)
    third = call.rounds.get(number=3)
    application = applying.write_application(
        case, coalition, call, holder, starts_on=third.award_expected_on + timedelta(days=14), at=begun
    )
    offer_the_lead(application, coalition, holder, at=at)


def _map_regions(people: dict[str, User]) -> None:
    """Let the kwartiermaker put a few organisations and a question on the map."""
    actor, at = people[KWARTIERMAKER.key], clock.now()
    regions = list(Region.objects.filter(kwartiermaker_assignments__user=actor).order_by("code"))
    write_people_down(regions[0], actor, at=at)
    for region in regions:
        mapped = [
            add_to_map(
                facts=_mapped(region, index), region=region, more=_talk(region, index, at), actor=actor, at=at
            )
            for index in range(4)
        ]
        # A name is enough: of this one nothing else is known yet.
        add_to_map(
            facts=OrganisationFacts(f"Wandelgroep Nog te bellen {region.name} (fictief)"),
            region=region,
            actor=actor,
            at=at,
        )
        for organisation in mapped[:3]:
            publish_organisation(organisation_id=organisation.pk, actor=actor, at=at)
        if region == regions[0]:
            ask_about_cards(region, mapped, actor, at=at)
        ask_questions(region, mapped, actor, at=at)
        tie_them(region, mapped, actor, at=at)
        claimed = claim_organisation(facts=_claimed(region), actor=people[NEWCOMER.key], at=at)
        if region == regions[0]:
            # Waits for the office, which reads what the kwartiermaker knows; the others wait for both.
            recommend_to_office(
                representative_id=claimed.pk,
                is_right=True,
                reason="Ik heb de bedachte organisatie gebeld op het nummer uit het register.",
                actor=actor,
                at=at,
            )
    take_part(regions[0], actor, at=at)
    write_to_kwartiermaker(regions[0], actor, at=at)
    leave_a_spreadsheet(regions[0], actor, at=at)
    write_regional_picture(regions[0], actor, at=at)


def _claimed(region: Region) -> OrganisationFacts:
    return OrganisationFacts(
        name=f"Vereniging Nieuwkomers {region.name} (fictief)",
        legal_form=LegalForm.ASSOCIATION,
        municipality=region.municipalities.order_by("code")[0],
        kvk_number=f"{98_000_000 + region.pk}",
    )


def _mapped(region: Region, index: int) -> OrganisationFacts:
    municipalities = list(region.municipalities.order_by("code"))
    names = (
        "Bewonersplatform Voorbeeldbuurt",
        "Cliëntenraad Testzorg",
        "Patiëntenkring Proef",
        "Buurtinitiatief Schets",
    )
    forms = (LegalForm.ASSOCIATION, LegalForm.FOUNDATION, LegalForm.FOUNDATION, LegalForm.INITIATIVE)
    kinds = ("village-or-district-council", "client-council", "patient-organisation", "residents-initiative")
    streams = (Stream.RESIDENTS, Stream.COUNCILS, Stream.PATIENTS, Stream.RESIDENTS)
    return OrganisationFacts(
        name=f"{names[index]} {region.name}",
        legal_form=forms[index],
        municipality=municipalities[index % len(municipalities)],
        description="Een bedachte organisatie, om het portaal te laten zien.",
        streams=[streams[index].value],
        kind=all_kinds().get(code=kinds[index]),
        role=ActorRole.LIFE,
        reach=Reach.NEIGHBOURHOOD if index in {0, 3} else Reach.REGION,
        neighbourhood="Voorbeeldbuurt" if index in {0, 3} else "",
        domains=[CareDomain.WELFARE.value] if index in {0, 3} else [CareDomain.CARE.value],
    )


def _talk(region: Region, index: int, at: datetime) -> MapFacts:
    municipalities = list(region.municipalities.order_by("code"))
    talks = (TalkState.JOINS, TalkState.TALKED, TalkState.CONTACTED, TalkState.TO_CALL)
    return MapFacts(
        reaches=frozenset(municipalities[index : index + 2]),
        talk=talks[index],
        next_on=local_date(at) + timedelta(days=7 * index) if index else None,
        notes="Een bedachte notitie: bellen over de volgende bijeenkomst." if index else "",
    )
