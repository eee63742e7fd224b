"""Three applications on their way, in which invariants are broken."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from applications.enums import Part, SigningRole
from applications.models import Application, Attachment, Comment, EarlierVersion
from calls.domain.setup import moment
from calls.models import Call, ReviewRound
from hubportal.audit.models import AuditEvent
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.scenarios import ready, sealed, submitted

SECOND_ROUND = moment("2024-06-03T10:00")


@dataclass
class World:
    """One application in the sealed first round, one submitted in the second, and one draft."""

    call: Call
    other_call: Call
    sealed: Any
    submitted: Any
    draft: Any

    def round(self, number: int) -> ReviewRound:
        return self.call.rounds.get(number=number)

    @property
    def consent(self) -> Any:
        return self.submitted.consents.get()

    @property
    def draft_consent(self) -> Any:
        return self.draft.consents.get()

    @property
    def signature(self) -> Any:
        return self.sealed.signatures.get(role=SigningRole.AUTHORISED_SIGNATORY)

    def event(self, application: Application) -> AuditEvent:
        return AuditEvent.objects.get(act="applications.submitted", subject_id=application.pk)

    def own(self, related: str) -> Any:
        """Return a row of the draft, read anew."""
        return getattr(self.draft, related).order_by("pk").first()


def build() -> World:
    in_first = sealed()
    call = in_first.call
    return World(
        call=call,
        other_call=CallFactory.create(),
        sealed=in_first,
        submitted=submitted(call=call, at=SECOND_ROUND, signed=False, duration_months=3),
        draft=ready(call=call, at=SECOND_ROUND),
    )


def attachment(application: Application, sha256: str = "a" * 64) -> Attachment:
    name = f"attachments/{application.pk}/{sha256}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(bytes(1000)))
    return Attachment.objects.create(
        application=application,
        title="Bijlage",
        stored_as=name,
        sha256=sha256,
        size=1000,
        added_at=AT,
        added_by=application.created_by,
    )


def comment(application: Application, **values: Any) -> Comment:
    return Comment.objects.create(
        application=application,
        part=Part.SECTION,
        text="Klopt dit?",
        added_with=uuid4(),
        written_at=AT,
        written_by=application.created_by,
        **values,
    )


def earlier(application: Application, **values: Any) -> EarlierVersion:
    return EarlierVersion.objects.create(
        application=application,
        part=Part.SECTION,
        number=1,
        content={"text": "Eerst"},
        begun_at=AT,
        saved_at=AT,
        saved_by=application.created_by,
        **values,
    )
