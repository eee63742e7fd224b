"""The event log in words: what was done, on what, and the facts that were written down with it."""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent

# Every act that is recorded, wherever in the code.
ACTS = {
    "accounts.role_granted": _("role given"),
    "accounts.role_withdrawn": _("role withdrawn"),
    "applications.advised": _("advice on the application fixed"),
    "applications.attachment_added": _("attachment added"),
    "applications.attachment_removed": _("attachment removed"),
    "applications.consent_asked": _("consent asked"),
    "applications.consent_declined": _("consent declined"),
    "applications.consent_given": _("consent given"),
    "applications.declaration_signed": _("declaration signed"),
    "applications.granted": _("application granted"),
    "applications.rejected": _("application rejected"),
    "applications.round_sealed": _("round sealed"),
    "applications.sealed": _("application sealed"),
    "applications.signature_asked": _("signature asked"),
    "applications.signing_extended": _("more time given to sign"),
    "applications.started": _("application started"),
    "applications.submitted": _("application submitted"),
    "applications.withdrawn": _("application withdrawn"),
    "calls.call_set_up": _("call set up"),
    "coalitions.contact_changed": _("contact person of a partner changed"),
    "coalitions.partner_added": _("partner added"),
    "coalitions.partner_removed": _("partner removed"),
    "coalitions.started": _("coalition started"),
    "decisions.recorded": _("decision recorded"),
    "documents.kept": _("document kept"),
    "documents.superseded": _("document replaced by a newer one"),
    "letters.correction_recorded": _("correction of the letter recorded"),
    "letters.made": _("letter made"),
    "letters.released": _("letter released"),
    "letters.sent": _("letter sent"),
    "letters.text_put_in_force": _("letter text put in force"),
    "mail.settled": _("mail settled"),
    "organisations.added": _("organisation put on the map"),
    "mapping.organisation_changed": _("organisation changed"),
    "organisations.claimed": _("organisation added to an account"),
    "mapping.organisation_published": _("organisation made public"),
    "mapping.organisation_unpublished": _("organisation made not public"),
    "mapping.question_written": _("participation question written"),
    "mapping.region_assigned": _("region assigned to a kwartiermaker"),
    "mapping.region_withdrawn": _("region taken from a kwartiermaker"),
    "reviews.affiliation_ended": _("position elsewhere ended"),
    "reviews.affiliation_noted": _("position elsewhere noted"),
    "reviews.assigned": _("reviewer assigned"),
    "reviews.completed": _("review completed"),
    "reviews.interest_declared": _("interests declared"),
    "reviews.measure_recorded": _("measure recorded"),
    "sweeps.retried": _("stuck work tried again"),
}
FACTS = {
    "by": _("replaced by document"),
    "fields": _("changed"),
    "from": _("status before"),
    "link": _("link"),
    "members": _("applications"),
    "role": _("role"),
    "send_again": _("sent again"),
    "sha256": _("digital fingerprint"),
    "sweep": _("job"),
    "to": _("status now"),
    "user": _("person"),
    "why": _("reason"),
}
VALUES = {
    **dict(Role.choices),
    "main_applicant": _("main applicant (hoofdaanvrager)"),
    "authorised_signatory": _("authorised signatory (bestuurlijk verantwoordelijke)"),
    "draft": _("draft, not submitted"),
    "submitted": _("submitted"),
    "sealed": _("in assessment"),
    "advised": _("advice fixed"),
    "granted": _("granted"),
    "rejected": _("rejected"),
    "withdrawn": _("withdrawn"),
    "deadline": _("the deadline passed"),
    "letter produced": _("the letter was made"),
}
_SHOWN_OF_A_DIGEST = 12


def act_in_words(act: str) -> Any:
    """Return what was done."""
    return ACTS.get(act, act)


def subject_in_words(event: AuditEvent) -> str:
    """Return the kind and the number of the row on which it was done."""
    model = _model_of(event)
    return f"{model._meta.verbose_name if model else event.subject_type} {event.subject_id}"


def facts_in_words(event: AuditEvent) -> dict[Any, Any]:
    """Return the facts that say something, each with its label."""
    return {
        FACTS.get(name, name): _value(event, name, value)
        for name, value in sorted(event.facts.items())
        if value not in ("", [])
    }


def _value(event: AuditEvent, name: str, value: Any) -> Any:
    if name == "fields":
        return ", ".join(_labels(event, value))
    if name == "sha256":
        return f"{value[:_SHOWN_OF_A_DIGEST]}…"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return VALUES.get(value, value)


def _labels(event: AuditEvent, names: list[str]) -> list[str]:
    """Return what fields of the row are called; those that nobody edits go along with the others."""
    model = _model_of(event)
    fields = model._meta.fields if model else ()
    return [str(each.verbose_name) for each in fields if each.name in names and each.editable]


def _model_of(event: AuditEvent) -> type[Model] | None:
    try:
        return apps.get_model(event.subject_type)
    except LookupError:
        # A log outlives the code that wrote it.
        return None
