"""What nobody may know yet shows nowhere: neither itself, nor by a difference between two states (rules 14, 22 and 26)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from applications.domain.submitting import withdraw
from applications.models import Application
from call_questions.models import CallAnswer
from calls.enums import Outcome
from calls.models import Call
from correspondence.queries import DELIVERED_AFTER
from decisions.domain.ibans import in_groups, masked
from hubportal.accounts.models import User
from hubportal.kernel import clock
from hubportal.mail.models import OutgoingMail
from matching.domain.helping import ask_for_help, propose_partners
from organisations.models import Organisation
from tests.access.commented import COMMENT, INVITED
from tests.access.completed import ADDED, NOT_SENT, TO_COMPLETE
from tests.access.overwritten import EARLIER
from tests.access.questioned import ASKED
from tests.access.talked import SAID
from tests.access.walking import (
    INTERESTED,
    Pages,
    add_kwartiermaker_who_takes_part,
    add_people_with_an_interest,
    differences,
    walk,
    walk_after,
)
from tests.access.world import CANARY, CORRECTION, HOLDER, PRESENT, World, build
from tests.breaking import kept_for_a_module
from tests.database import around_acts
from tests.decided_world import send
from tests.factories import scenarios
from tests.factories.completing import sent
from tests.factories.conversing import asked, delivered
from tests.factories.organisations import organisation_in
from tests.factories.paying import FIRST, SECOND, give
from tests.factories.people import waiting_person
from tests.factories.residents import confirmed_message

pytestmark = pytest.mark.django_db

# Nobody of these takes part in the applications, reads one or may know how one fares.
PUBLIC = ("visitor", "outsider", "kwartiermaker", "kwartiermaker_elsewhere")
CLOSED = ("reviewer_with_interest", "deputy", *INTERESTED)
OTHERS = ("owner", "partner", "colleague")
TAKES_PART = "kwartiermaker_who_takes_part"


Kept = tuple[World, Pages]


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
    """Build the world once, and ask everything of it once: each test compares with that, and undoes what it did."""
    with kept_for_a_module(django_db_blocker, _asked_once) as built:
        yield built


def _asked_once() -> Kept:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    add_people_with_an_interest(world, world.advised.pk)
    add_kwartiermaker_who_takes_part(world)
    return world, walk(world, (*PUBLIC, *CLOSED, *OTHERS, "administrator", TAKES_PART))


@pytest.fixture
def world(kept: Kept) -> World:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    return kept[0]


@pytest.fixture
def before(kept: Kept) -> Pages:
    return kept[1]


def again(case: Any) -> Any:
    """Read an application anew, which an earlier state left behind."""
    return Application.objects.get(pk=case.pk)


def brought(case: Any, step: str, outcome: Outcome) -> Callable[[], object]:
    """Return an act that brings an application to a step with this outcome."""

    def act() -> None:
        reached = getattr(scenarios, "produced" if step == "sent" else step)(again(case), outcome=outcome)
        if step == "sent":
            send(reached.decision.letter)

    return act


def test_what_became_of_an_application_shows_nowhere_to_whom_it_is_closed(
    world: World, before: Pages
) -> None:
    personas = (*PUBLIC, *CLOSED, "administrator")
    for step in ("decided", "produced"):
        granted, rejected = (
            walk_after(world, personas, brought(world.advised, step, outcome)) for outcome in Outcome
        )
        # Administrators read in the event log that something was decided and a letter was made, not what it says.
        assert differences(granted, rejected, of=personas) == []
        assert differences(before, granted, of=(*PUBLIC, *CLOSED)) == [], step
    sent = walk_after(world, personas, brought(world.advised, "sent", Outcome.REJECTED))
    assert differences(before, sent, of=(*PUBLIC, *CLOSED)) == []


def test_mails_and_file_names_tell_nothing_of_the_outcome(world: World) -> None:
    def outside(outcome: Outcome) -> list[tuple[str, str, str, list[str]]]:
        known = set(OutgoingMail.objects.values_list("pk", flat=True))
        with around_acts():
            brought(world.advised, "produced", outcome)()
            found = [
                (each.kind, each.recipient, each.subject, [one.filename for one in each.attachments.all()])
                for each in OutgoingMail.objects.exclude(pk__in=known).order_by("pk")
            ]
            transaction.set_rollback(True)
        return found

    granted, rejected = (outside(outcome) for outcome in Outcome)
    assert granted == rejected
    told = {recipient for _kind, recipient, _subject, _names in granted}
    assert told.isdisjoint(world.people[each].email for each in (*CLOSED, *PUBLIC[1:]))


@pytest.mark.parametrize("step", ["written", "submitted", "sealed", "withdrawn"])
def test_application_of_others_shows_nowhere_whether_there_is_one_or_none(
    world: World, before: Pages, step: str
) -> None:
    personas = (*PUBLIC, *OTHERS)
    region = world.draft.coalition.region

    def act() -> None:
        lead = organisation_in(region, mapped_at=None, name="Kanarie in de kooi (fictief)")
        case = scenarios.started(call=world.draft.call, region=region, lead=lead, partners=0, at=PRESENT)
        partner = organisation_in(region, mapped_at=None, name="Kanarie ernaast (fictief)")
        joined = scenarios.join(case.coalition_id, region, actor=case.applicant, organisation=partner)
        case.partners = [joined]
        if step == "withdrawn":
            scenarios.submitted(case, at=PRESENT)
            withdraw(application_id=case.pk, actor=case.applicant, at=PRESENT)
        else:
            getattr(scenarios, step)(case, at=PRESENT)

    assert differences(before, walk_after(world, personas, act), of=personas) == []


def test_what_a_coalition_asks_shows_nowhere_to_a_kwartiermaker_who_takes_part_in_another(
    world: World, before: Pages
) -> None:
    region = world.draft.coalition.region

    def act() -> None:
        lead = organisation_in(region, mapped_at=None, name="Kanarie die vraagt (fictief)")
        case = scenarios.started(call=world.draft.call, region=region, lead=lead, partners=0, at=PRESENT)
        asked = ask_for_help(
            coalition_id=case.coalition_id, wish="Kanarie (fictief)", actor=case.applicant, at=PRESENT
        )
        propose_partners(
            help_request_id=asked.pk,
            region=region,
            organisation_keys=[world.proposal.organisation.map_key],
            reason="",
            actor=world.people["kwartiermaker"],
            at=PRESENT,
        )

    after = walk_after(world, (TAKES_PART, "kwartiermaker"), act)
    assert differences(before, after, of=(TAKES_PART,)) == []
    assert differences(before, after, of=("kwartiermaker",)) != []


def texts(world: World) -> Iterator[str]:
    """Yield every text, of several words, that somebody put into an application, its assessment or its decision."""
    known = {
        *User.objects.values_list("full_name", flat=True),
        *User.objects.values_list("email", flat=True),
        *Organisation.objects.values_list("name", flat=True),
        # The headline, which tells on what to declare interests.
        *Application.objects.values_list("reference", flat=True),
        # What everybody may know of a grant of which the letter was sent.
        world.paid.coalition.name,
        again(world.paid).title,
        # What is signed, and what partners agree to, which are texts of the call.
        *Call.objects.values_list("declaration_text", flat=True),
        *Call.objects.values_list("consent_text", flat=True),
        # What was answered about it for everybody (rule 40).
        *CallAnswer.objects.values_list("question", flat=True),
        *CallAnswer.objects.values_list("answer", flat=True),
    }
    for model in (
        *apps.get_app_config("applications").get_models(),
        *apps.get_app_config("reviews").get_models(),
        *apps.get_app_config("coalitions").get_models(),
        *apps.get_app_config("decisions").get_models(),
        *apps.get_app_config("correspondence").get_models(),
        *apps.get_app_config("call_questions").get_models(),
        *apps.get_app_config("completions").get_models(),
        *apps.get_app_config("takeovers").get_models(),
    ):
        for field in model._meta.get_fields():
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
                values = model._default_manager.values_list(field.name, flat=True)
                yield from (each for each in values if each not in known and (" " in each or "@" in each))
    yield EARLIER


def asked_about(case: Any) -> Iterator[str]:
    """Yield what one has to know to say whether one has an interest: what it is called and who is behind it (rule 14)."""
    people = again(case).people
    yield again(case).title
    yield from (people.main_applicant_name, people.signatory_name, people.leader_name)
    yield from again(case).coalition.participations.values_list("contact_name", flat=True)


def test_no_text_of_an_application_shows_to_whom_it_is_closed(world: World, before: Pages) -> None:
    canaries = sorted(set(texts(world)))
    assert len(canaries) > 40
    assert any("Samen aan zet" in each for each in canaries)
    strangers = {*PUBLIC, *CLOSED, "administrator"}
    told = {
        each
        for case in (world.sealed, world.advised, world.decided, world.printed, world.paid, world.awaiting)
        for each in asked_about(case)
    }
    # What a coalition that asks for help chose to tell the kwartiermaker of its region, on this page alone.
    asking = world.proposal.help_request.coalition
    asked = ("kwartiermaker", reverse("matching:helped", args=[asking.region.slug]), asking.name)
    leaks = [
        f"{persona} at {address}: {canary!r}"
        for (persona, address), answer in before.items()
        if persona in strangers
        for canary in canaries
        if (canary in answer[2] or canary in answer[1])
        and not (address.startswith("/beheer/belangen/") and persona in CLOSED and canary in told)
        and (persona, address, canary) != asked
        # About the call, of which no officer has an interest.
        and not (
            address.startswith("/beheer/vragen/") and persona == "officer_with_interest" and ASKED in canary
        )
    ]
    assert leaks == []
    # Of a comment its own organisation alone, partners neither.
    told = {
        persona
        for (persona, _address), answer in before.items()
        if COMMENT in answer[2] or INVITED in answer[2]
    }
    assert told == {"owner", "colleague"}
    # Of what was asked about the call who asked it, and who answers (rule 40).
    told = {persona for (persona, _address), answer in before.items() if ASKED in answer[2]}
    assert told == {"partner", "officer_with_interest"}
    # They would be seen: who may read them does.
    own = [answer[2] for (persona, _address), answer in before.items() if persona == "owner"]
    assert any(each in text for text in own for each in canaries)


def spellings(number: str) -> set[str]:
    """Return a number as it could stand somewhere: whole, in groups, or masked."""
    return {number, in_groups(number), masked(number), number[-6:]}


def test_accounts_and_messages_show_to_nobody_but_the_lead_and_the_officer(
    world: World, before: Pages
) -> None:
    """Not itself, nor that there is one: to partners neither, nor to who assesses, releases or has an interest (rule 38)."""
    handlers = ("reviewer", "chair", "releaser")
    strangers = {*PUBLIC, *CLOSED, *handlers, "partner", "administrator"}
    pages = before | walk(world, (*handlers, "officer"))
    canaries = {HOLDER, *spellings(FIRST)}
    seen = {
        (persona, address): {each for each in canaries if each in answer[2] or each in answer[1]}
        for (persona, address), answer in pages.items()
    }
    assert [where for where, found in seen.items() if found and where[0] in strangers] == []
    whole = {where for where, found in seen.items() if found & {FIRST, in_groups(FIRST)}}
    reference = world.paid.reference
    assert whole == {
        ("owner", f"/aanvragen/{reference}/rekening/"),
        ("colleague", f"/aanvragen/{reference}/rekening/"),
        ("officer", f"/beheer/rekeningen/{reference}/"),
    }
    read = {persona for (persona, _address), answer in pages.items() if SAID in answer[1] + answer[2]}
    assert read == {"owner", "colleague", "officer"}
    # Administrators read in the event log that an account was given or a message written, not which.
    told = strangers - {"administrator"}

    def act() -> None:
        give(world.paid, SECOND)
        asked(world.advised, "Nog een vraag", at=PRESENT)
        delivered(PRESENT + DELIVERED_AFTER)

    after = walk_after(world, sorted(told), act)
    assert differences(after, pages, of=told) == []


def test_what_is_to_be_completed_shows_to_the_lead_and_to_who_assesses_alone(
    world: World, before: Pages
) -> None:
    """Rule 42: what is asked and what was sent to both, what is still written to the lead alone; others learn nothing new."""
    handlers = ("reviewer", "chair", "releaser")
    lead = {"owner", "colleague"}
    pages = before | walk(world, (*handlers, "officer"))

    def readers(canary: str) -> set[str]:
        return {persona for (persona, _at), answer in pages.items() if canary in answer[1] + answer[2]}

    assert readers(TO_COMPLETE) == {*lead, *handlers, "officer"}
    # Walked on the pages of who assesses.
    assert readers(ADDED) == {*handlers, "officer"}
    assert readers(NOT_SENT) == lead
    told = {*PUBLIC, *CLOSED} - {"owner", "colleague", "partner", "administrator"}

    def act() -> None:
        sent(world.awaiting, at=PRESENT)

    after = walk_after(world, sorted(told), act)
    assert differences(after, pages, of=told) == []


def test_people_of_a_region_show_to_its_kwartiermakers_alone(world: World, before: Pages) -> None:
    """Rule 23: not to another kwartiermaker, the programme office or administrators, nor that there are any."""
    handlers = ("reviewer", "chair", "releaser", "officer")
    pages = before | walk(world, handlers)
    seen = {
        persona
        for (persona, _address), answer in pages.items()
        if any(each in answer[2] or each in answer[1] for each in (CANARY, "kanarie.example"))
    }
    assert seen == {"kwartiermaker", TAKES_PART}
    # Of a card, which is public, the office reads what was asked too once it waits.
    readers = {persona for (persona, _address), answer in pages.items() if CORRECTION in answer[2]}
    assert readers == {"kwartiermaker", TAKES_PART, "officer", "officer_with_interest"}
    # Administrators read in the event log that somebody was written down, by number.
    told = {*PUBLIC, *CLOSED, *OTHERS, *handlers} - {"kwartiermaker"}

    def act() -> None:
        region, kwartiermaker = world.draft.coalition.region, world.people["kwartiermaker"]
        confirmed_message(region, text="Nog een vraag", email="nog.een@burger.example", at=PRESENT)
        waiting_person(
            region, kwartiermaker, name="Nog iemand (fictief)", email="nog@burger.example", at=PRESENT
        )
        mails = OutgoingMail.objects.filter(kind__startswith="person_")
        mails.filter(recipient__startswith="nog").update(status="failed", claimed_at=PRESENT, attempts=8)
        mails.filter(recipient__startswith="bregje").update(
            status="bounced", claimed_at=PRESENT, sent_at=PRESENT, bounced_at=PRESENT, attempts=1
        )

    after = walk_after(world, sorted(told), act)
    assert differences(after, pages, of=told) == []


def test_difference_is_found_where_there_is_one(world: World, before: Pages) -> None:
    def act() -> None:
        organisation_in(world.draft.coalition.region, name="Pas in kaart")

    after = walk_after(world, ["kwartiermaker"], act)
    assert any("regiowerk" in each for each in differences(before, after, of=["kwartiermaker"]))


def test_what_is_not_asked_again_would_be_answered_the_same(world: World, before: Pages) -> None:
    # Somebody for whom nothing changes, and somebody for whom much does.
    asked = ("outsider", OTHERS[0])
    act = brought(world.advised, "sent", Outcome.REJECTED)
    shown = walk_after(world, asked, act)
    world.answers, answers = {}, world.answers
    assert walk_after(world, asked, act) == shown
    world.answers = answers


def test_every_person_of_the_world_is_asked(world: World) -> None:
    assert set(world.people) - {*PUBLIC, *CLOSED, *OTHERS, "administrator", TAKES_PART} == {
        "reviewer",
        "chair",
        "officer",
        "releaser",
    }
