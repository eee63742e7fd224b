"""What somebody else suggested for the map of a region: written within the act by which its kwartiermaker takes it over."""

from datetime import datetime

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from mapping.domain.numbers import put_under_number
from mapping.events import QUESTION_WRITTEN
from mapping.models import ParticipationQuestion
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Municipality, Region


def write_suggested_question(
    region: Region,
    *,
    title: str,
    description: str,
    municipality: Municipality | None,
    actor: User,
    at: datetime,
) -> ParticipationQuestion:
    """Write a question that is not public; who may do that is checked by the caller's act."""
    question = ParticipationQuestion.objects.create(
        region=region,
        title=title,
        description=description,
        municipality=municipality,
        created_by=actor,
        created_at=at,
        changed_by=actor,
        changed_at=at,
    )
    record(QUESTION_WRITTEN, subject=question, actor=actor, at=at)
    return question


def put_suggested(facts: OrganisationFacts, region: Region, *, actor: User, at: datetime) -> Organisation:
    """Put an organisation on the map of a region, not public; who may do that is checked by the caller's act."""
    organisation = put_under_number(facts, region, actor=actor, at=at)
    organisation.works_in.add(region)
    entry_of(organisation, region).save()
    return organisation
