"""Who does anything in a draft but read it takes part in its call (rules 14 and 29)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.comments import resolve_comment
from applications.domain.consents import answer_by_account, answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.draft_copies import ask_for_copy
from applications.domain.drafting import save_section, start_application
from applications.domain.handing_over import answer_offer, offer_contact
from applications.domain.removing_partner import remove_asked_partner
from applications.domain.signing import ask_signature
from applications.domain.snapshot import snapshot_of
from applications.domain.starting_again import undo_withdrawal
from applications.domain.submitting import withdraw
from applications.domain.tasks import finish_task, remove_task
from applications.enums import ConsentAnswer, SigningRole
from applications.models import Application, Steerer
from coalitions.domain.coalitions import change_contact, remove_partner, start_coalition
from coalitions.domain.correcting import rename_coalition
from coalitions.events import RENAMED
from coalitions.models import Participation
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import declared_acts
from hubportal.audit.domain.events import record
from hubportal.audit.models import AuditEvent
from matching.domain.helping import ask_for_help
from organisations.models import Representative
from reviews.enums import TieKind
from reviews.ties import ties_of
from takeovers.domain.deciding import stop_takeover
from tests.factories.accounts import log_in, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.scenarios import join, mailed_link, mailed_secret, sealed, started, submitted
from tests.factories.taking_over import claimant, granted, warned
from tests.pages import at_moment
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)

# What is about drafts and coalitions, also of apps that stand on them.
_ABOUT_DRAFTS = ("applications", "coalitions", "completions", "correspondence", "matching", "takeovers")
# By none of these anybody takes part: who looked, said no, asked what is meant or was offered something.
_BINDS_NOBODY = {
    *("applications.collaborator_declined", "applications.consent_declined", "applications.request_opened"),
    *("applications.invitation_opened", "applications.consent_question_asked"),
    *("applications.lead_offer_settled", "applications.infected_file_refused"),
    # With a coalition that somebody began, others may go on in a later call.
    "coalitions.started",
    # Words to the office and from it, and files for it: whoever may write them speaks for the lead of what was submitted.
    *(
        "correspondence.written",
        "correspondence.taken_back",
        "correspondence.opened",
        "correspondence.closed",
    ),
    *("completions.file_added", "completions.file_removed"),
    # And who asks for signatures of it, as the office does too once it gives more time.
    "applications.signature_asked",
    # Of an organisation, before there is a coalition.
    *("matching.found_said", "matching.found_ended"),
    # Who asks for a dossier takes part once they get it; they did not know of which draft.
    "takeovers.asked",
}
# Only as what it says: who takes over, and who speaks for the lead and stops what another asked.
_BINDS_AT_TIMES = {"applications.handover_settled", "takeovers.settled"}
_OF_OFFICE_OR_PORTAL = {
    *("applications.sealed", "applications.advised", "applications.granted", "applications.rejected"),
    *("applications.round_sealed", "applications.signing_extended", "applications.copy_made"),
    *("applications.attachment_scanned", "applications.consent_copied", "applications.signature_copied"),
    *("applications.copy_sent_again", "applications.deadline_reminded"),
    *("completions.asked", "completions.lapsed", "completions.reminded", "correspondence.delivered"),
    *("matching.partner_proposed", "matching.proposal_taken_back", "takeovers.warned", "takeovers.undone"),
}


def test_every_act_about_drafts_and_coalitions_is_sorted() -> None:
    known = [each for each in declared_acts().values() if each.namespace in _ABOUT_DRAFTS]
    steering = {each.name for each in known if each.is_steering}
    sorted_ = [*steering, *_BINDS_NOBODY, *_BINDS_AT_TIMES, *_OF_OFFICE_OR_PORTAL]
    assert sorted(sorted_) == sorted(each.name for each in known)
    assert [each for each in declared_acts().values() if each.is_steering and each not in known] == []


@pytest.fixture
def own() -> Any:
    return started()


@pytest.fixture
def reviewer(own: Any) -> User:
    """Somebody who reviews, and was vouched for at the lead of a draft."""
    found = person(Role.REVIEWER)
    Representative.objects.create(
        organisation=own.lead, user=found, since_at=AT, proof="office", proved_at=AT, proved_by=own.applicant
    )
    return found


def _task(case: Any) -> int:
    task = case.tasks.create(
        what="Bel de gemeente",
        assigned_to=case.applicant,
        added_with=uuid4(),
        due_on=AT.date(),
        added_at=AT,
        added_by=case.applicant,
    )
    return int(task.pk)


def _comment(case: Any) -> int:
    said = case.comments.create(
        part="particulars", added_with=uuid4(), written_by=case.applicant, written_at=AT, text="Zo."
    )
    return int(said.pk)


def _without_partner(case: Any, how: dict[str, Any]) -> None:
    place = join(case.coalition_id, case.coalition.region, actor=case.applicant)
    remove_partner(coalition_id=case.coalition_id, participation_id=place.pk, **how)


ACTS: dict[str, Callable[[Any, dict[str, Any]], object]] = {
    "renames the coalition": lambda case, how: rename_coalition(
        coalition_id=case.coalition_id, name="Anders (fictief)", seen=case.coalition.name, **how
    ),
    "removes a partner": _without_partner,
    "changes a contact": lambda case, how: change_contact(
        participation_id=case.partners[0].pk, contact_name="Bo Bos", contact_email="bo@elders.example", **how
    ),
    "finishes a task": lambda case, how: finish_task(reference=case.reference, task_id=_task(case), **how),
    "removes a task": lambda case, how: remove_task(reference=case.reference, task_id=_task(case), **how),
    "resolves a comment": lambda case, how: resolve_comment(
        reference=case.reference, comment_id=_comment(case), seen_last=0, **how
    ),
    "asks a copy": lambda case, how: ask_for_copy(reference=case.reference, **how),
    "discards the draft": lambda case, how: withdraw(application_id=case.pk, **how),
}


@pytest.mark.parametrize("does", ACTS)
def test_who_steers_a_draft_without_writing_takes_part(own: Any, reviewer: User, does: str) -> None:
    case = sealed()
    assert ties_of(reviewer, case) == set()
    ACTS[does](own, {"actor": reviewer, "at": AT})
    assert {(each.kind, each.rival) for each in ties_of(reviewer, case)} == {(TieKind.RIVAL, own.pk)}
    # Nobody else does by it.
    assert ties_of(person(Role.REVIEWER), case) == set()


def test_what_was_done_for_a_coalition_before_it_applied_shuts_nobody_out(own: Any, reviewer: User) -> None:
    """With a coalition that somebody named once, others go on in a later call."""
    before = start_coalition(
        name="Eerder (fictief)",
        region=own.coalition.region,
        lead_organisation=own.lead,
        actor=own.applicant,
        at=AT,
    )
    done = record(RENAMED, subject=before, actor=reviewer, at=AT)
    assert (done.is_steering, Steerer.objects.filter(user=reviewer).exists()) == (True, False)
    assert ties_of(reviewer, sealed()) == set()


def test_who_discards_a_draft_and_puts_it_back_goes_on_taking_part(own: Any, reviewer: User) -> None:
    case = sealed()
    for act in (withdraw, undo_withdrawal):
        act(application_id=own.pk, actor=reviewer, at=AT)
        assert [each.rival for each in ties_of(reviewer, case)] == [own.pk]
    assert Application.objects.get(pk=own.pk).is_draft


def test_what_is_done_with_a_coalition_is_done_with_each_draft_that_it_has_then(
    reviewer: User, own: Any
) -> None:
    other = start_application(
        coalition_id=own.coalition_id, call=CallFactory.create(), actor=own.applicant, at=AT
    )
    ACTS["renames the coalition"](own, {"actor": reviewer, "at": AT})
    assert steered_by(reviewer) == {own.pk, other.pk}


def test_who_asks_partners_for_one_draft_steers_that_one(reviewer: User, own: Any) -> None:
    wrote(own)
    start_application(coalition_id=own.coalition_id, call=CallFactory.create(), actor=own.applicant, at=AT)
    ask_consent(application_id=own.pk, participation_id=own.partners[0].pk, actor=reviewer, at=AT)
    assert steered_by(reviewer) == {own.pk}


def steered_by(somebody: User) -> set[int]:
    return set(Steerer.objects.filter(user=somebody).values_list("application", flat=True))


def wrote(case: Any) -> None:
    save_section(
        reference=case.reference,
        key=case.call.sections.all()[0].key,
        text="Wij samen.",
        seen_version=0,
        actor=case.applicant,
        at=AT,
    )


def _partner_without(case: Any, *, asked: bool = True) -> Participation:
    """Return a partner that can be removed, and is asked for consent."""
    place = join(case.coalition_id, case.coalition.region, actor=case.applicant)
    if asked:
        wrote(case)
        ask_consent(application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=AT)
    return place


def _removed(case: Any, place: Participation) -> None:
    remove_asked_partner(application_id=case.pk, participation_id=place.pk, actor=case.applicant, at=LATER)


def test_who_added_a_partner_and_asked_it_stays_tied_once_a_colleague_removes_it(
    own: Any, reviewer: User
) -> None:
    wrote(own)
    place = join(own.coalition_id, own.coalition.region, actor=reviewer)
    ask_consent(application_id=own.pk, participation_id=place.pk, actor=reviewer, at=AT)
    _removed(own, place)
    assert [each.rival for each in ties_of(reviewer, sealed())] == [own.pk]


def _answers(case: Any, place: Participation, answer: ConsentAnswer, by: User | None) -> None:
    case.refresh_from_db()
    said: dict[str, Any] = {
        "answer": answer,
        "reason": "Wij doen niet mee." if answer == ConsentAnswer.DECLINED else "",
        "seen_digest": reading_digest(snapshot_of(case)),
        "at": AT,
    }
    if by is None:
        how = {"given_by_name": place.contact_name, "signed_in_as": None}
        answer_by_link(link=mailed_link(place.contact_email), **how, **said)
    else:
        answer_by_account(application_id=case.pk, participation_id=place.pk, actor=by, **said)


@pytest.mark.parametrize("by_account", [True, False], ids=["by account", "by a mailed link"])
@pytest.mark.parametrize("answer", ConsentAnswer)
def test_who_agreed_stays_tied_once_the_partner_is_removed_and_who_declined_never_is(
    own: Any, answer: ConsentAnswer, by_account: bool
) -> None:
    """Who applies chooses nobody away: to be asked, and to say no, shuts nobody out of a call."""
    place = _partner_without(own, asked=False)
    contact = person(Role.REVIEWER)
    # By a link in any spelling of their mailbox (rule 28).
    local, _at, domain = contact.email.partition("@")
    change_contact(
        participation_id=place.pk,
        contact_name="Bea Beoordelaar (fictief)",
        contact_email=contact.email if by_account else f"{local}+zuid@{domain}",
        actor=own.applicant,
        at=AT,
    )
    wrote(own)
    ask_consent(application_id=own.pk, participation_id=place.pk, actor=own.applicant, at=AT)
    place.refresh_from_db()
    _answers(own, place, answer, contact if by_account else None)
    case = sealed()
    expected = [own.pk] if answer == ConsentAnswer.GIVEN else []
    assert [each.rival for each in ties_of(contact, case)] == expected
    _removed(own, place)
    assert [each.rival for each in ties_of(contact, case)] == expected


def test_who_asks_a_kwartiermaker_for_partners_takes_part(own: Any, reviewer: User) -> None:
    ask_for_help(coalition_id=own.coalition_id, wish="Een gemeente", actor=reviewer, at=AT)
    assert steered_by(reviewer) == {own.pk}


def test_who_stops_a_request_for_a_dossier_takes_part_and_who_got_one(own: Any, reviewer: User) -> None:
    takeover = warned(own, claimant(own))
    stop_takeover(takeover_id=takeover.pk, actor=reviewer, at=AT)
    assert steered_by(reviewer) == {own.pk}
    another = started()
    asking = claimant(another)
    granted(warned(another, asking))
    assert steered_by(asking) == {another.pk}


@pytest.mark.parametrize("accepts", [True, False])
def test_who_becomes_the_contact_person_takes_part_and_who_says_no_does_not(
    own: Any, reviewer: User, accepts: bool
) -> None:
    offer_contact(application_id=own.pk, to_id=reviewer.pk, actor=own.applicant, at=AT)
    answer_offer(application_id=own.pk, accepts=accepts, actor=reviewer, at=AT)
    assert steered_by(reviewer) == ({own.pk} if accepts else set())


def test_the_database_keeps_who_steers_once_whoever_records_it(own: Any) -> None:
    somebody = person(Role.REVIEWER)
    for _twice in range(2):
        AuditEvent.objects.create(
            happened_at=AT,
            actor_id=somebody.pk,
            act="tests.done",
            subject_type="applications.application",
            subject_id=own.pk,
            is_steering=True,
        )
    assert steered_by(somebody) == {own.pk}, "who_steers_is_kept"
    with refused_by("steerer_once_per_application"):
        own.steerers.create(user=somebody)


def test_who_steers_is_an_account_or_a_mailbox(own: Any) -> None:
    own.steerers.create(mailbox="een@elders.example")
    with refused_by("steerer_mailbox_once_per_application"):
        own.steerers.create(mailbox="een@elders.example")
    with refused_by("steerer_is_an_account_or_a_mailbox"):
        own.steerers.create()


@pytest.mark.parametrize("answer", ConsentAnswer)
def test_who_is_logged_in_and_agrees_in_another_mailbox_takes_part(own: Any, answer: ConsentAnswer) -> None:
    place = _partner_without(own)
    somebody = person(Role.REVIEWER)
    own.refresh_from_db()
    answer_by_link(
        link=mailed_link(place.contact_email),
        answer=answer,
        reason="Wij doen niet mee." if answer == ConsentAnswer.DECLINED else "",
        given_by_name="Bea",
        seen_digest=reading_digest(snapshot_of(own)),
        signed_in_as=somebody,
        at=AT,
    )
    assert steered_by(somebody) == ({own.pk} if answer == ConsentAnswer.GIVEN else set())


def test_so_does_who_is_logged_in_and_signs_in_another_mailbox(client: Client) -> None:
    case, somebody = submitted(signed=False), person(Role.REVIEWER)
    ask_signature(application_id=case.pk, role=SigningRole.AUTHORISED_SIGNATORY, actor=case.applicant, at=AT)
    log_in(client, somebody)
    with at_moment(AT):
        page = reverse(
            "applications:sign", args=[mailed_secret(case.people.signatory_email, "signature_request")]
        )
        shown = client.post(page, {"name": "Sara Teken", "function": "bestuurder", "agreed": "on"})
    assert (shown.status_code, case.signatures.count()) == (200, 1)
    assert steered_by(somebody) == {case.pk}
