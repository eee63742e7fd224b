"""People of a region, by the portal's own acts."""

import re
from datetime import datetime, timedelta

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from people.domain.consenting import agree_by_link, shown_of
from people.domain.keeping import Reach, add_person
from people.domain.links import find_link
from people.domain.reminding import remind_person
from people.enums import LinkUse
from people.models import MappedPerson
from regions.models import Region
from retention.enums import DataKind, Unit
from retention.models import RetentionPeriod
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.retention import period_of

KINDS = {LinkUse.ANSWER: "person_asked", LinkUse.PROLONG: "person_ends", LinkUse.LASTING: "person_"}
PARTS = {LinkUse.ANSWER: "vraag", LinkUse.PROLONG: "verlengen", LinkUse.LASTING: "inzien"}


def people_periods() -> None:
    """Say how long people are kept: 28 days to be asked, two years by consent."""
    if not RetentionPeriod.objects.filter(kind=DataKind.PEOPLE).exists():
        period_of(DataKind.ASKED_PEOPLE, length=28)
        period_of(DataKind.PEOPLE, length=2, unit=Unit.YEARS)


def kwartiermaker_in(region: Region) -> User:
    """Make a kwartiermaker of a region."""
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def waiting_person(
    region: Region,
    actor: User,
    *,
    name: str = "Bregje Bedacht (fictief)",
    email: str = "bregje@burger.example",
    phone: str = "",
    at: datetime = AT,
) -> MappedPerson:
    """Let a kwartiermaker write somebody down, who is asked by mail where there is an address."""
    people_periods()
    return add_person(region=region, reach=Reach(name, email, phone), actor=actor, at=at)


def secret_for(somebody: MappedPerson, use: LinkUse) -> str:
    """Return the secret of the last link of a use that was mailed to somebody."""
    mails = OutgoingMail.objects.filter(about=somebody.mails_about, kind__startswith=KINDS[use])
    found = [
        secret
        for mail in mails.order_by("-pk")
        for secret in re.findall(rf"/mijn-gegevens/{PARTS[use]}/([\w-]+)/", mail.body)
    ]
    return found[0]


def agreed_person(region: Region, actor: User, *, at: datetime = AT, **values: str) -> MappedPerson:
    """Let somebody agree through the link in their mail."""
    other = {"name": "Ada Verzonnen (fictief)", "email": "ada@burger.example"}
    somebody = waiting_person(region, actor, at=at, **{**other, **values})
    link = find_link(secret_for(somebody, LinkUse.ANSWER), LinkUse.ANSWER)
    assert link is not None
    return agree_by_link(link_id=link.pk, shown=shown_of(somebody, at=at), at=at)


def reminded_person(region: Region, actor: User, *, now: datetime, **values: str) -> MappedPerson:
    """Let somebody who agreed nearly two years ago be told now that it ends."""
    other = {"name": "Rik Vergeten (fictief)", "email": "rik@burger.example"}
    somebody = agreed_person(region, actor, at=now - timedelta(days=711), **{**other, **values})
    assert remind_person(person_id=somebody.pk, at=now)
    somebody.refresh_from_db()
    return somebody
