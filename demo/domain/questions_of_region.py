"""Questions of a region, and who takes part in them."""

from datetime import datetime, timedelta

from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from mapping.domain.engagements import write_engagement
from mapping.domain.involvement import Part
from mapping.domain.questions import QuestionFacts, save_question
from mapping.enums import LessHeard, ParticipationForm, Plan, QuestionPhase, QuestionTheme
from mapping.models import ParticipationQuestion
from mapping.queries import questions_in
from organisations.models import Organisation
from people.domain.engagements import write_person_engagement
from people.queries import people_who_agreed
from regions.models import Region


def ask_questions(region: Region, organisations: list[Organisation], actor: User, *, at: datetime) -> None:
    """Write down one question that visitors see, with who is involved, and one in which nobody speaks."""
    question = save_question(
        region=region,
        title="Hoe praten mensen zonder internet mee over de huisartsenpost?",
        description="Een bedachte vraag, om het portaal te laten zien.",
        municipality=organisations[0].municipality,
        forms={organisations[0]: [ParticipationForm.ADVISE], organisations[1]: [ParticipationForm.CONSULT]},
        more=QuestionFacts(
            theme=QuestionTheme.FIRST_LINE,
            plans=[Plan.IZA.value, Plan.REGIOBEELD.value],
            phase=QuestionPhase.EXPLORE,
            asked_by="Een bedachte huisartsenpost",
            target_groups="mensen zonder internet",
            less_heard=[LessHeard.DIGITAL.value, LessHeard.READING.value],
            until_on=local_date(at) + timedelta(days=90),
            is_public=True,
            how_to_join="Kom naar de bedachte inloopavond, elke dinsdag om zeven uur.",
        ),
        actor=actor,
        at=at,
    )
    _involve(question, organisations[0], actor, at=at)
    save_question(
        region=region,
        title="Wie helpt mantelzorgers die zelf moe zijn?",
        description="Een bedachte vraag, waarover nog niemand meepraat.",
        municipality=None,
        forms={},
        more=QuestionFacts(theme=QuestionTheme.INFORMAL_CARE, plans=[Plan.GALA.value]),
        actor=actor,
        at=at,
    )


def _involve(
    question: ParticipationQuestion, organisation: Organisation, actor: User, *, at: datetime
) -> None:
    write_engagement(
        question_id=question.pk,
        organisation_id=organisation.pk,
        region=question.region,
        parts={
            ParticipationForm.ADVISE: Part(local_date(at), None, "Gaf een bedacht advies over de wachttijd."),
            ParticipationForm.COPRODUCE: Part(),
        },
        seen_version=question.version,
        actor=actor,
        at=at,
    )


def take_part(region: Region, actor: User, *, at: datetime) -> None:
    """Let everybody of a region who agreed to be kept take part in its first question."""
    question = questions_in(region).order_by("pk")[0]
    for each in people_who_agreed(region, ""):
        write_person_engagement(
            person_id=each.pk,
            question_id=question.pk,
            parts={
                ParticipationForm.CONSULT: Part(
                    local_date(at), None, "Vertelde wat het bedachte scherm lastig maakt."
                )
            },
            seen_version=each.version,
            actor=actor,
            at=at,
        )
