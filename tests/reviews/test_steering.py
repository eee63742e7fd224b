"""Who does anything in a draft but read it takes part in its call (rules 14 and 29)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from applications import events as of_drafts
from applications.domain.comments import resolve_comment
from applications.domain.draft_copies import ask_for_copy
from applications.domain.starting_again import undo_withdrawal
from applications.domain.submitting import withdraw
from applications.domain.tasks import finish_task, remove_task
from applications.models import Application
from coalitions import events as of_coalitions
from coalitions.domain.coalitions import change_contact, remove_partner
from coalitions.domain.correcting import rename_coalition
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.events import Act
from organisations.models import Representative
from reviews.enums import TieKind
from reviews.steering import STEERING
from reviews.ties import ties_of
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.scenarios import join, sealed, started

pytestmark = pytest.mark.django_db

# Known by rows that are never taken away: who began it, wrote, joined, consented or signed.
_KNOWN_BY_ROWS = {
    *("applications.started", "applications.collaborator_joined", "applications.consent_given"),
    *("applications.declaration_signed", "coalitions.started"),
}
# Binds nobody, so nobody is shut out by it: who looked, said no, asked what is meant, or was offered something.
_BINDS_NOBODY = {
    *("applications.collaborator_declined", "applications.consent_declined", "applications.request_opened"),
    *("applications.invitation_opened", "applications.consent_question_asked"),
    *("applications.handover_settled", "applications.lead_offer_settled"),
    "applications.infected_file_refused",
}
_OF_OFFICE_OR_PORTAL = {
    *("applications.sealed", "applications.advised", "applications.granted", "applications.rejected"),
    *("applications.round_sealed", "applications.signing_extended", "applications.copy_made"),
    *("applications.attachment_scanned", "applications.consent_copied", "applications.signature_copied"),
    *("applications.copy_sent_again", "applications.deadline_reminded"),
}


def test_every_act_on_drafts_and_coalitions_is_sorted() -> None:
    known = set[str]()
    for module in (of_drafts, of_coalitions):
        for value in vars(module).values():
            several = value.values() if isinstance(value, dict) else [value]
            known |= {each.name for each in several if isinstance(each, Act)}
    sorted_ = [*(each.name for each in STEERING), *_KNOWN_BY_ROWS, *_BINDS_NOBODY, *_OF_OFFICE_OR_PORTAL]
    assert sorted(sorted_) == sorted(known)


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
    before = own.created_at - timedelta(days=1)
    ACTS["renames the coalition"](own, {"actor": reviewer, "at": before})
    assert ties_of(reviewer, sealed()) == set()


def test_who_discards_a_draft_and_puts_it_back_goes_on_taking_part(own: Any, reviewer: User) -> None:
    case = sealed()
    for act in (withdraw, undo_withdrawal):
        act(application_id=own.pk, actor=reviewer, at=AT)
        assert [each.rival for each in ties_of(reviewer, case)] == [own.pk]
    assert Application.objects.get(pk=own.pk).is_draft
