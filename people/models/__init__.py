"""The rows of the people app."""

from people.models.erasure_receipt import ErasureReceipt
from people.models.mapped_person import MappedPerson
from people.models.person_consent import PersonConsent
from people.models.person_engagement import PersonEngagement
from people.models.person_link import PersonLink
from people.models.person_talk import PersonTalk

__all__ = ["ErasureReceipt", "MappedPerson", "PersonConsent", "PersonEngagement", "PersonLink", "PersonTalk"]
