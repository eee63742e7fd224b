"""Two people of one organisation write a draft, so that its texts and its budget have earlier versions and comments."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.collaborating import accept_invitation, invite_collaborator
from applications.domain.comments import Place, answer_comment, mark_of, resolve_comment, write_comment
from applications.domain.consent_questions import ask_by_account
from applications.domain.drafting import save_section
from applications.domain.putting_back import put_back_budget
from applications.domain.tasks import Planned, add_task, finish_task
from applications.enums import CollaboratorRight, Part
from applications.models import Application, Comment
from applications.queries.comments import passages
from coalitions.models import Participation
from demo.domain.applying import TEXTS
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date

_KEY = "opgave"
_BY_COLLEAGUE = (
    "Wie zorg nodig heeft, praat nu laat mee over plannen in de regio. Dat willen wij veranderen, samen met mensen die nu "
    "niet gehoord worden.\n\nIn drie wijken is daar al een begin mee gemaakt (bedacht voorbeeld)."
)
_BY_APPLICANT = (
    "Wie zorg nodig heeft, praat nu laat of niet mee over plannen in de regio. Samen met mensen die nu niet gehoord worden "
    "veranderen wij dat.\n\nIn drie wijken is daar al een begin mee gemaakt (bedacht voorbeeld)."
)


def invite_along(
    application: Application, applicant: User, place: Participation, partner: User, *, at: datetime
) -> None:
    """Let somebody of the partner write along, and invite a helper who did not answer yet."""
    invited = invite_collaborator(
        application_id=application.pk,
        name=partner.full_name,
        email=partner.email,
        right=CollaboratorRight.WRITE,
        participation_id=place.pk,
        actor=applicant,
        at=at,
    )
    # At once: what a demo begins with lies in no future.
    accept_invitation(key=invited.key, actor=partner, at=at)
    invite_collaborator(
        application_id=application.pk,
        name="Hanneke Help (fictief)",
        email="hanneke.help@demo.example",
        right=CollaboratorRight.READ,
        participation_id=None,
        actor=applicant,
        # Long enough ago to be reminded of it.
        at=at - timedelta(days=2, hours=1),
    )


def write_together(application: Application, applicant: User, colleague: User, *, at: datetime) -> None:
    """Let the colleague write on in a text, and both of them change the budget, which is then put back."""
    written = application.sections.get(spec__key=_KEY, text=TEXTS[_KEY])
    for text, writer, moment in (
        (_BY_COLLEAGUE, colleague, at + timedelta(hours=3)),
        (_BY_APPLICANT, applicant, at + timedelta(days=1)),
    ):
        written = save_section(
            reference=application.reference,
            key=_KEY,
            text=text,
            seen_version=written.version,
            actor=writer,
            at=moment,
        )
    application.refresh_from_db()
    before = application.budget_version
    lines = [
        PlannedLine(
            each.heading, each.participation, each.description, each.amount, each.hours, each.rate, each.key
        )
        for each in application.budget_lines.select_related("heading", "participation")
    ]
    save_budget(
        application_id=application.pk,
        lines=lines[:-1],
        seen_version=before,
        actor=colleague,
        at=at + timedelta(hours=4),
    )
    put_back_budget(
        reference=application.reference,
        number=before,
        seen_version=before + 1,
        actor=applicant,
        at=at + timedelta(days=1),
    )


def ask_before_agreeing(
    application: Application, place: Participation, partner: User, *, at: datetime
) -> None:
    """Let a partner that was asked to agree ask something first, which nobody answered yet."""
    ask_by_account(
        application_id=application.pk,
        participation_id=place.pk,
        text="Wie betaalt de zaalhuur: wij, of staat dat in uw deel van de begroting?",
        key=uuid4(),
        actor=partner,
        at=at,
    )


def share_tasks(application: Application, applicant: User, partner: User, *, at: datetime) -> None:
    """Give both of them something to do; one thing is done."""
    what = (
        ("De partners bellen over hun aandeel", applicant, 5),
        ("De begroting nalopen", partner, 9),
        ("Het rooster van de bijeenkomsten opvragen", partner, 2),
    )
    for task, person, days in what:
        added = add_task(
            reference=application.reference,
            planned=Planned(task, person.pk, local_date(at + timedelta(days=days))),
            added_with=uuid4(),
            actor=applicant,
            at=at,
        )
    finish_task(reference=application.reference, task_id=added.pk, actor=partner, at=at + timedelta(hours=2))


def talk_about_it(application: Application, applicant: User, colleague: User, *, at: datetime) -> None:
    """Let both comment on a paragraph and on the budget: one comment is answered and open, one is resolved."""
    text, budget = Place(Part.SECTION, _KEY), Place(Part.BUDGET)
    asked = "Welke drie wijken zijn dat? Ik zou ze noemen."
    answered = "Dat vraag ik na bij de gemeente."
    _ask_and_answer(application, text, (asked, colleague), (answered, applicant), at=at)
    answer = _ask_and_answer(
        application, budget, ("Is dit bedrag met btw?", applicant), ("Ja, met btw.", colleague), at=at
    )
    if answer.thread_id is not None:
        resolve_comment(
            reference=application.reference,
            comment_id=answer.thread_id,
            seen_last=answer.pk,
            actor=applicant,
            at=at + timedelta(hours=3),
        )


def _ask_and_answer(
    application: Application, place: Place, first: tuple[str, User], second: tuple[str, User], *, at: datetime
) -> Comment:
    """Comment on the last passage of a part, and answer an hour later."""
    said = passages(application, part=place.part, key=place.key)[-1]
    comment = write_comment(
        reference=application.reference,
        place=replace(place, passage=mark_of(said)),
        text=first[0],
        added_with=uuid4(),
        actor=first[1],
        at=at,
    )
    return answer_comment(
        reference=application.reference,
        comment_id=comment.pk,
        text=second[0],
        added_with=uuid4(),
        actor=second[1],
        at=at + timedelta(hours=1),
    )
