"""Which regions a kwartiermaker maps."""

import factory
from factory.django import DjangoModelFactory

from mapping.models import KwartiermakerAssignment
from tests.factories.accounts import UserFactory
from tests.factories.moments import CALL_OPENS
from tests.factories.regions import RegionFactory


class KwartiermakerAssignmentFactory(DjangoModelFactory[KwartiermakerAssignment]):
    """A region assigned to somebody."""

    class Meta:
        model = KwartiermakerAssignment

    user = factory.SubFactory(UserFactory)
    region = factory.SubFactory(RegionFactory)
    since_on = factory.LazyFunction(CALL_OPENS.date)
