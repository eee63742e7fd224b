"""A coalition in the kwartiermaker's region that asks for help and finds partners on the map."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from applications.domain.drafting import start_application
from applications.models import Application
from calls.models import Call
from coalitions.domain.coalitions import start_coalition
from coalitions.models import Participation
from demo.cast import APPLICANT, KWARTIERMAKER
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.queries import regions_of
from mapping.question_queries import public_questions_in
from matching.domain.finding_each_other import want_to_be_found
from matching.domain.helping import ask_for_help, propose_partners
from organisations.domain.organisations import OrganisationFacts
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
        reason="Komt in alle wijken, en past bij uw bedachte plan.",
        actor=kwartiermaker,
        at=at,
    )
    return application


def find_each_other(
    speaking: Sequence[tuple[Participation, User]], kwartiermaker: User, *, at: datetime
) -> None:
    """Let organisations come on the public map of the kwartiermaker's region, and show their names on a question there."""
    region = regions_of(kwartiermaker).order_by("code")[0]
    question = public_questions_in(region, today=local_date(at))[0]
    for named, speaker in speaking:
        facts = OrganisationFacts(
            name=named.stated_name,
            legal_form=named.stated_legal_form,
            municipality=named.stated_municipality,
            kvk_number=named.organisation.kvk_number,
        )
        mapped = add_to_map(facts=facts, region=region, actor=kwartiermaker, at=at)
        publish_organisation(organisation_id=mapped.pk, actor=kwartiermaker, at=at)
        want_to_be_found(
            organisation_id=mapped.pk,
            question_id=question.pk,
            shows_name=True,
            contact="Bel ons op een bedacht nummer.",
            actor=speaker,
            at=at,
        )
