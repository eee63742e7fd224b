"""How the published organisations of a region stand towards a coalition, and which streams nobody of it brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from applications.queries.goals import goals_of
from coalitions.models import Coalition, Participation
from mapping.agreement_queries import agreements_of
from mapping.cards import ShownCard, shown_card
from mapping.enums import LessHeard
from mapping.question_queries import public_questions_in
from matching.enums import PartnerState
from matching.queries import answers_in, asked_in, places_in, public_of
from organisations.models import Organisation
from organisations.streams import Stream


@dataclass(frozen=True)
class Offer:
    """A published organisation, as visitors read it, with where it stands in a coalition."""

    organisation: Organisation
    shown: ShownCard
    state: PartnerState


@dataclass(frozen=True)
class Standing:
    """A coalition as far as the public map knows it."""

    offers: list[Offer]
    missing_streams: list[str]
    # How many of its organisations the map does not show: of these it knows no stream.
    unknown: int


def standing_of(coalition: Coalition, organisations: Iterable[Organisation]) -> Standing:
    """Return how these published organisations stand towards a coalition, and which streams it misses.

    Streams are those that visitors read: of who is not published nothing is told, neither here nor by its absence (rule 26).
    """
    offered, places = list(organisations), list(places_in(coalition))
    public = list(public_of(places, coalition.region))
    agreed = agreements_of({each.pk for each in [*offered, *public]})
    states = _states(coalition, places)
    cards = {each.pk: shown_card(each, agreed.get(each.pk)) for each in [*offered, *public]}
    brought = {stream for each in public for stream in cards[each.pk].card.streams}
    seen = [place for place in places if any(_takes(place, each, cards[each.pk]) for each in public)]
    return Standing(
        [Offer(each, cards[each.pk], _state(each, cards[each.pk], places, states)) for each in offered],
        [str(each.label) for each in Stream if each.value not in brought],
        len(places) - len(seen),
    )


def missing_voices(coalition: Coalition, *, today: date) -> list[str]:
    """Return whose voices are heard less in public questions of the region, and in none that the coalition took up.

    Only questions that are public now count, either way: a question that is not tells nothing (rule 26).
    """
    questions = list(public_questions_in(coalition.region, today=today))
    taken = {each.question_id for each in goals_of(coalition)}
    named = {voice for each in questions for voice in each.less_heard}
    heard = {voice for each in questions if each.pk in taken for voice in each.less_heard}
    return [str(each.label) for each in LessHeard if each.value in named - heard]


def _states(coalition: Coalition, places: list[Participation]) -> dict[int, PartnerState]:
    answers, asked = answers_in(coalition), set(asked_in(coalition))
    return {each.pk: _state_of(each, answers, asked) for each in places}


def _state_of(place: Participation, answers: dict[int, bool], asked: set[int | None]) -> PartnerState:
    if place.is_lead:
        return PartnerState.LEAD
    if place.pk in asked:
        return PartnerState.ASKED
    if place.pk in answers:
        return PartnerState.AGREED if answers[place.pk] else PartnerState.DECLINED
    return PartnerState.MEMBER


def _state(
    organisation: Organisation,
    shown: ShownCard,
    places: list[Participation],
    states: dict[int, PartnerState],
) -> PartnerState:
    taken = (states[each.pk] for each in places if _takes(each, organisation, shown))
    return next(taken, PartnerState.FREE)


def _takes(place: Participation, organisation: Organisation, shown: ShownCard) -> bool:
    """Tell whether it is an organisation that takes a place: as itself, as the map goes on with it, by number or by name."""
    named = place.organisation
    same_number = bool(named.kvk_number) and named.kvk_number == organisation.kvk_number
    is_itself = organisation.pk in {named.pk, named.now_as_id}
    return is_itself or same_number or place.stated_name == shown.card.name
