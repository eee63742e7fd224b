"""A coalition in the kwartiermaker's region that asks for help and finds partners on the map."""

from collections.abc import Mapping
from datetime import datetime

from applications.domain.drafting import start_application
from applications.domain.goals import take_goal
from applications.models import Application
from applications.queries.goals import questions_to_take
from calls.models import Call
from coalitions.domain.coalitions import start_coalition
from demo.cast import APPLICANT, KWARTIERMAKER
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from mapping.queries import regions_of
from matching.domain.helping import ask_for_help, propose_partners
from matching.queries import section_for_questions
from organisations.models import Organisation
from organisations.queries import public_organisations_in


def ask_the_kwartiermaker(
    lead: Organisation, call: Call, people: Mapping[str, User], *, at: datetime
) -> Application:
    """Let the applicant begin where the kwartiermaker works, ask for help, and get two organisations proposed."""
    applicant, kwartiermaker = people[APPLICANT.key], people[KWARTIERMAKER.key]
    region = regions_of(kwartiermaker).order_by("code")[0]
    coalition = start_coalition(
        name="Coalitie Rond de Tafel (fictief)",
        region=region,
        lead_organisation=lead,
        works_in_region=True,
        actor=applicant,
        at=at,
    )
    application = start_application(coalition_id=coalition.pk, call=call, actor=applicant, at=at)
    _take_up_a_question(application, applicant, at=at)
    asked = ask_for_help(
        coalition_id=coalition.pk,
        wish="Wij missen bewoners, en mensen zonder internet. Een bedachte vraag.",
        actor=applicant,
        at=at,
    )
    propose_partners(
        help_request_id=asked.pk,
        region=region,
        organisation_keys=[each.map_key for each in public_organisations_in(region).order_by("pk")[:2]],
        reason="Komt in alle wijken, en zoekt een bedachte coalitie.",
        actor=kwartiermaker,
        at=at,
    )
    return application


def _take_up_a_question(application: Application, applicant: User, *, at: datetime) -> None:
    """Let the applicant put the first public question of the region in the first section that offers it."""
    question = questions_to_take(application, today=local_date(at)).first()
    section = section_for_questions(application)
    assert question is not None
    assert section is not None
    take_goal(
        reference=application.reference,
        key=section.key,
        question_id=question.pk,
        text="Hieraan willen wij als bedachte coalitie werken:",
        seen_version=0,
        actor=applicant,
        at=at,
    )
