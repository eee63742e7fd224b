"""Putting a public question of the region into a section, and taking it out again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft_of
from applications.domain.sections import section_to_write, write_section
from applications.domain.versions import Saving
from applications.models import ApplicationSection, SectionGoal
from applications.queries.goals import goal_in, questions_to_take
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation


@transaction.atomic(durable=True)
def take_goal(
    *, reference: str, key: str, question_id: int, text: str, seen_version: int, actor: User, at: datetime
) -> ApplicationSection:
    """Save what was typed in a section with a public question of the region below it. Idempotent: a second click adds nothing.

    Raises what ``save_section`` does, ``DoesNotExist`` for a section that offers no questions, and ``RuleViolation`` for a
    question that is not public any more; what was typed is then kept by the page.
    """
    application = locked_draft_of(reference, actor)
    spec, section = section_to_write(application, key, offers_questions=True)
    if goal_in(application, spec, question_id) is not None:
        return write_section(section, spec, text, Saving(seen_version, actor, at))
    question = questions_to_take(application, today=local_date(at)).filter(pk=question_id).first()
    if question is None:
        raise RuleViolation(_("This question is no longer public. Choose another one."), field="text")
    added = f"{text.rstrip()}\n\n{question.title}" if text.strip() else question.title
    written = write_section(section, spec, added, Saving(seen_version, actor, at))
    SectionGoal.objects.create(
        application=application,
        spec=spec,
        question=question,
        text=question.title,
        taken_at=at,
        taken_by=actor,
    )
    return written


@transaction.atomic(durable=True)
def leave_goal(
    *, reference: str, key: str, question_id: int, text: str, seen_version: int, actor: User, at: datetime
) -> ApplicationSection:
    """Save what was typed in a section without a question that was put in; what was changed of its text stays. Idempotent.

    Raises what ``save_section`` does.
    """
    application = locked_draft_of(reference, actor)
    spec, section = section_to_write(application, key, offers_questions=True)
    goal = goal_in(application, spec, question_id)
    if goal is None:
        return write_section(section, spec, text, Saving(seen_version, actor, at))
    written = write_section(section, spec, _without(text, goal.text), Saving(seen_version, actor, at))
    goal.delete()
    return written


def _without(text: str, part: str) -> str:
    """Return a text without the last lines that are exactly this part, and the empty line before them."""
    lines = text.splitlines()
    if part not in lines:
        return text
    place = len(lines) - 1 - lines[::-1].index(part)
    before, after = lines[:place], lines[place + 1 :]
    if before and not before[-1].strip():
        before.pop()
    return "\n".join(before + after)
