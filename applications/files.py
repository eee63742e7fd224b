"""Files that rows of applications name."""

from collections.abc import Iterator

from applications.models import Attachment, Consent, DraftCopy, SignatureCopy
from hubportal.documents.domain.files import StoredFile


def stored_files() -> Iterator[StoredFile]:
    """Yield every attachment, and each copy of a draft, a consent or a signature that was made."""
    rows = Attachment.objects.select_related("application").order_by("pk")
    for each in rows.iterator(chunk_size=200):
        yield StoredFile("attachment", each.pk, each.application.reference, each.stored_as, each.sha256)
    made = DraftCopy.objects.filter(made_at__isnull=False).select_related("application").order_by("pk")
    for copy in made.defer("content").iterator(chunk_size=200):
        yield StoredFile("copy of a draft", copy.pk, copy.application.reference, copy.stored_as, copy.sha256)
    copied = Consent.objects.filter(copied_at__isnull=False).select_related("application").order_by("pk")
    for consent in copied.defer("agreed_text", "agreed_share").iterator(chunk_size=200):
        about = consent.application.reference
        yield StoredFile("copy of a consent", consent.pk, about, consent.copy_stored_as, consent.copy_sha256)
    signed = SignatureCopy.objects.select_related("signature__application").order_by("pk")
    for each_signed in signed.iterator(chunk_size=200):
        about = each_signed.signature.application.reference
        yield StoredFile(
            "copy of a signature", each_signed.pk, about, each_signed.stored_as, each_signed.sha256
        )
