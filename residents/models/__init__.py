"""The rows of the residents app."""

from residents.models.public_contact import PublicContact
from residents.models.resident_message import ResidentMessage

__all__ = ["PublicContact", "ResidentMessage"]
