"""People of the region of the world, with a word that nobody but its kwartiermaker may read (rule 23)."""

from datetime import datetime

from hubportal.accounts.models import User
from mapping.domain.involvement import Part
from mapping.models import ParticipationQuestion
from people.domain.engagements import write_person_engagement
from people.domain.erasing import erase_person
from people.domain.keeping import PersonFacts, Reach, change_person
from people.domain.talks import TalkFacts, add_talk
from people.enums import ErasureReason
from people.models import MappedPerson
from regions.models import Region
from tests.factories.people import agreed_person, reminded_person, waiting_person

# In everything that is kept of them.
CANARY = "Kanariemens"


def people_of(
    region: Region, kwartiermaker: User, *, at: datetime
) -> tuple[MappedPerson, MappedPerson, MappedPerson]:
    """Return somebody who was asked, who agreed, and who was told that it ends."""
    asked = waiting_person(
        region, kwartiermaker, name=f"Bregje {CANARY}", email="bregje@kanarie.example", at=at
    )
    agreed = agreed_person(
        region, kwartiermaker, name=f"Arend {CANARY}", email="arend@kanarie.example", at=at
    )
    change_person(
        person_id=agreed.pk,
        reach=Reach(agreed.name, agreed.email, "010 555 12 34"),
        facts=PersonFacts(f"Weet {CANARY}", f"Onderwerp {CANARY}", f"Groep {CANARY}"),
        seen_version=agreed.version,
        actor=kwartiermaker,
        at=at,
    )
    day = at.date()
    add_talk(person_id=agreed.pk, facts=TalkFacts(day, f"Zei {CANARY}", day), actor=kwartiermaker, at=at)
    agreed.refresh_from_db()
    write_person_engagement(
        person_id=agreed.pk,
        question_id=ParticipationQuestion.objects.get(region=region).pk,
        parts={"advise": Part(how_it_went=f"Ging {CANARY}")},
        seen_version=agreed.version,
        actor=kwartiermaker,
        at=at,
    )
    reminded = reminded_person(
        region, kwartiermaker, name=f"Rika {CANARY}", email="rika@kanarie.example", now=at
    )
    agreed.refresh_from_db()
    return asked, agreed, reminded


def receipt_code(region: Region, kwartiermaker: User, *, at: datetime) -> str:
    """Return the code of the receipt of an erasure."""
    erased = waiting_person(
        region, kwartiermaker, name="Wim Weg (fictief)", email="wim@kanarie.example", at=at
    )
    return erase_person(person_id=erased.pk, reason=ErasureReason.MISTAKE, actor=kwartiermaker, at=at).code
