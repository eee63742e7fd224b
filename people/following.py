"""What of people follows an organisation of the map that goes on with another row: for whom they speak."""

from people.models import MappedPerson

FOLLOWING = ((MappedPerson, "organisation"),)
