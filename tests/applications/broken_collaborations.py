"""Ways to break what holds for people who write a draft along, and for what goes with a draft (rules 13, 22 and 37)."""

from datetime import timedelta
from uuid import uuid4

from applications.events import VERSION_PUT_BACK
from applications.models import ConsentQuestion, DraftCopy, Handover, Nudge
from hubportal.audit.domain.events import record
from tests.applications.collaborating import invited, joined
from tests.applications.test_tasks import added
from tests.breaking import Breaks, force
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT

A_SECOND = timedelta(seconds=1)
breaks = Breaks()


@breaks(37, "takes part for an organisation outside the coalition")
def collaborator_of_another_coalition(world):
    return force(invited(world.draft), participation=world.sealed.partners[0])


@breaks(37, "came to take part after the submission")
def collaborator_after_the_submission(world):
    row = invited(world.draft)
    late = {
        "state": "joined",
        "user": UserFactory.create(),
        "answered_at": world.submitted.submitted_at + A_SECOND,
    }
    return force(row, application=world.submitted, **late)


def _nudged(row, **values):
    how = {"application": row.application, "nudged_by": row.invited_by, "nudged_at": AT, "was_mailed": True}
    return Nudge.objects.create(collaborator=row, **{**how, **values})


@breaks(37, "reminds of what was asked in another application")
def nudge_of_another_application(world):
    return _nudged(invited(world.draft), application=world.sealed)


@breaks(37, "came too soon after another")
def nudge_the_next_day(world):
    row = invited(world.draft)
    _nudged(row)
    return _nudged(row, nudged_at=AT + timedelta(days=1))


@breaks(39, "has a contact person who never spoke for its lead")
def contact_who_never_spoke_for_the_lead(world):
    return force(world.draft, contact=UserFactory.create())


@breaks(39, "took effect before its wait was over")
def takeover_that_did_not_wait(world):
    return Handover.objects.create(
        application=world.draft,
        kind="takeover",
        state="done",
        holder=world.draft.applicant,
        to=UserFactory.create(),
        reason="Vertrokken",
        asked_at=AT,
        takes_effect_at=AT + timedelta(days=3),
        settled_at=AT,
    )


@breaks(37, "is a task in what was submitted")
def task_in_what_was_submitted(world):
    return force(added(world.draft), application=world.submitted)


@breaks(8, "was given through an account of the applicant")
def consent_by_a_helper_of_the_lead(world):
    helper = joined(world.draft)
    force(world.draft.partners[0], contact_email=helper.email)
    return force(world.draft_consent, link=None, user=helper, answered_at=AT + A_SECOND)


@breaks(29, "was written by somebody who is not tied by it")
def writer_who_is_forgotten(world):
    section, somebody = world.draft.sections.first(), UserFactory.create()
    force(section, saved_by=somebody)
    world.draft.writers.filter(user=somebody).delete()
    return section


@breaks(29, "was done by somebody who is not tied by it")
def steerer_who_is_forgotten(world):
    somebody = UserFactory.create()
    done = record(VERSION_PUT_BACK, subject=world.draft, actor=somebody, at=AT)
    world.draft.steerers.filter(user=somebody).delete()
    return done


@breaks(13, "is a copy of a draft that is none any more")
def copy_that_outlived_its_draft(world):
    return DraftCopy.objects.create(
        application=world.submitted,
        with_people=False,
        content_sha256="0" * 64,
        content=b"{}",
        asked_at=AT,
        asked_by=world.submitted.created_by,
    )


@breaks(22, "is a question of a partner about what was submitted")
def question_about_what_was_submitted(world):
    return ConsentQuestion.objects.create(
        key=uuid4(),
        application=world.submitted,
        participation=world.consent.participation,
        name="Noor",
        email="noor@erbij.example",
        text="Wanneer?",
        asked_at=AT,
    )
