"""Two people of a region: one agreed to be kept, one was asked and has not answered yet."""

import re
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from hubportal.mail.models import OutgoingMail
from people.domain.consenting import agree_by_link, shown_of
from people.domain.keeping import PersonFacts, Reach, add_person, change_person
from people.domain.links import find_link
from people.domain.talks import TalkFacts, add_talk
from people.enums import LinkUse
from people.models import MappedPerson
from regions.models import Region

_SECRET = re.compile(r"/mijn-gegevens/vraag/([\w-]+)/")


def write_people_down(region: Region, kwartiermaker: User, *, at: datetime) -> None:
    """Let the kwartiermaker write two people down, of whom one agrees and talks."""
    agreed = add_person(
        region=region,
        reach=Reach("Ada Verzonnen (fictief)", "ada.verzonnen@burger.example"),
        actor=kwartiermaker,
        at=at,
    )
    _agree(agreed, at=at)
    change_person(
        person_id=agreed.pk,
        reach=Reach(agreed.name, agreed.email, "000 000 00 01"),
        facts=PersonFacts(
            knowledge="Zat acht jaar in een bedachte cliëntenraad. Legt moeilijke brieven goed uit.",
            subjects="vervoer naar zorg, heldere brieven",
            group="bewoners van de Voorbeeldbuurt",
        ),
        seen_version=agreed.version,
        actor=kwartiermaker,
        at=at,
    )
    today = local_date(at)
    talk = TalkFacts(today, "Wil meedenken over vervoer, liefst in de avond.", today)
    add_talk(person_id=agreed.pk, facts=talk, actor=kwartiermaker, at=at)
    add_person(
        region=region,
        reach=Reach("Bram Bedacht (fictief)", "bram.bedacht@burger.example"),
        actor=kwartiermaker,
        at=at,
    )


def _agree(somebody: MappedPerson, *, at: datetime) -> None:
    """Follow the link as its reader does: only the mail knows the secret."""
    mail = OutgoingMail.objects.filter(about=somebody.mails_about).latest("pk")
    secret = _SECRET.search(mail.body)
    assert secret is not None
    link = find_link(secret[1], LinkUse.ANSWER)
    assert link is not None
    agree_by_link(link_id=link.pk, shown=shown_of(somebody, at=at), at=at)
