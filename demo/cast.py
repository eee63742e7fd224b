"""The people of the demo; all of them are made up, as their names say."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whom a visitor of the demo can log in as with one click."""

    key: str
    name: str
    roles: tuple[Role, ...] = ()
    # What the person is, where no role says it.
    description: Any = ""

    @property
    def email(self) -> str:
        """Return an address in a domain that can never exist."""
        return f"{self.key}@demo.example"


APPLICANT = DemoPerson("aanvrager", "Anna Aanvraag", description=_("applicant"))
COLLEAGUE = DemoPerson("collega", "Coen Collega", description=_("colleague of the applicant"))
PARTNER = DemoPerson("partner", "Piet Partner", description=_("partner"))
NEWCOMER = DemoPerson(
    "nieuwe-collega", "Nina Nieuw", description=_("colleague of the partner, not confirmed yet")
)
KWARTIERMAKER = DemoPerson("kwartiermaker", "Karin Kwartier", (Role.KWARTIERMAKER,))
# Of another region: somebody to hand one over to.
SUCCESSOR = DemoPerson("kwartiermaker-twee", "Otto Opvolg", (Role.KWARTIERMAKER,))
REVIEWER_ONE = DemoPerson("beoordelaar-een", "Bo Oordeel", (Role.REVIEWER,))
REVIEWER_TWO = DemoPerson("beoordelaar-twee", "Bea Weging", (Role.REVIEWER,))
REVIEWER_THREE = DemoPerson("beoordelaar-drie", "Bas Blik", (Role.REVIEWER,))
CHAIR = DemoPerson("voorzitter", "Vera Voorzit", (Role.CHAIR,))
DEPUTY = DemoPerson("vicevoorzitter", "Viktor Vervang", (Role.DEPUTY,))
OFFICER = DemoPerson("medewerker", "Mia Bureau", (Role.OFFICER,))
RELEASER = DemoPerson("vrijgever", "Victor Vrijgave", (Role.RELEASER,))
ADMINISTRATOR = DemoPerson("beheerder", "Bert Beheer", (Role.ADMINISTRATOR,))

CAST = (
    APPLICANT,
    COLLEAGUE,
    PARTNER,
    NEWCOMER,
    KWARTIERMAKER,
    SUCCESSOR,
    REVIEWER_ONE,
    REVIEWER_TWO,
    REVIEWER_THREE,
    CHAIR,
    DEPUTY,
    OFFICER,
    RELEASER,
    ADMINISTRATOR,
)
