"""What somebody agreed to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.enums import ConsentWay
from people.models.mapped_person import MappedPerson


class PersonConsent(models.Model):
    """One consent to be kept until a day (toestemming): how it was given, and the purpose as it was told (GDPR art. 7).

    Who consents once more has another row. It goes with the person.
    """

    person = models.ForeignKey(MappedPerson, on_delete=models.CASCADE, related_name="consents")
    way = models.CharField(max_length=5, choices=ConsentWay)
    given_at = models.DateTimeField()
    # The day it was said; that of the link where they answered themselves.
    told_on = models.DateField()
    # What a kwartiermaker wrote down of how it was asked.
    account = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # In the words that were shown or read out.
    purpose = models.TextField(max_length=2000)
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="person_consent_in_a_known_way", condition=Q(way__in=ConsentWay.values)
            ),
            models.CheckConstraint(
                name="person_consent_by_link_or_recorded_by_somebody",
                condition=Q(way="link", recorded_by=None, account="")
                | (~Q(way="link") & Q(recorded_by__isnull=False) & ~Q(account="")),
            ),
            models.CheckConstraint(name="person_consent_ends_later", condition=Q(ends_at__gt=F("given_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.way} of {self.person_id}"
