"""Addresses of the applications app."""

from django.urls import path

from applications.views import (
    attachments,
    budget,
    budget_sheet,
    calendars,
    comments,
    consents,
    goals,
    lists,
    partners,
    received,
    reminders,
    signing,
    submitting,
    versions,
    withdrawn,
    writing,
)

app_name = "applications"
urlpatterns = [
    path("", lists.list_applications, name="list"),
    # People without an account come in here; before the references, which would swallow them.
    path("instemmen/<str:secret>/", consents.consent, name="consent"),
    path(
        "instemmen/<str:secret>/bijlagen/<int:attachment_id>/",
        consents.consent_attachment,
        name="consent_attachment",
    ),
    path("ondertekenen/<str:secret>/", signing.sign, name="sign"),
    path("herinneringen/", reminders.reminders, name="reminders"),
    path("starten/<int:coalition_id>/", lists.start, name="start"),
    path("<str:reference>/", lists.overview, name="overview"),
    path("<str:reference>/agenda.ics", calendars.calendar, name="calendar"),
    path("<str:reference>/gegevens/", writing.particulars, name="particulars"),
    path("<str:reference>/gegevens/versies/", versions.particulars_versions, name="particulars_versions"),
    path(
        "<str:reference>/gegevens/versies/<int:number>/",
        versions.particulars_version,
        name="particulars_version",
    ),
    path("<str:reference>/betrokkenen/", writing.people, name="people"),
    path("<str:reference>/partners/", partners.partners, name="partners"),
    path("<str:reference>/partners/<int:participation_id>/vragen/", partners.ask_consent, name="ask_consent"),
    path(
        "<str:reference>/partners/<int:participation_id>/verwijderen/",
        partners.remove_partner,
        name="remove_partner",
    ),
    path("<str:reference>/onderdeel/<slug:key>/", writing.section, name="section"),
    path(
        "<str:reference>/onderdeel/<slug:key>/vraagstuk/<int:question_id>/erbij/",
        goals.take,
        name="take_goal",
    ),
    path(
        "<str:reference>/onderdeel/<slug:key>/vraagstuk/<int:question_id>/eraf/",
        goals.leave,
        name="leave_goal",
    ),
    path("<str:reference>/onderdeel/<slug:key>/versies/", versions.section_versions, name="section_versions"),
    path(
        "<str:reference>/onderdeel/<slug:key>/versies/<int:number>/",
        versions.section_version,
        name="section_version",
    ),
    path("<str:reference>/begroting/", budget.budget, name="budget"),
    path("<str:reference>/begroting/werkblad.xlsx", budget_sheet.budget_sheet, name="budget_sheet"),
    path("<str:reference>/begroting/versies/", versions.budget_versions, name="budget_versions"),
    path("<str:reference>/begroting/versies/<int:number>/", versions.budget_version, name="budget_version"),
    path(
        "<str:reference>/onderdeel/<slug:key>/opmerkingen/",
        comments.section_comments,
        name="section_comments",
    ),
    path("<str:reference>/gegevens/opmerkingen/", comments.particulars_comments, name="particulars_comments"),
    path("<str:reference>/begroting/opmerkingen/", comments.budget_comments, name="budget_comments"),
    path("<str:reference>/opmerkingen/<int:comment_id>/", comments.answer_comment, name="answer_comment"),
    path(
        "<str:reference>/opmerkingen/<int:comment_id>/wijzigen/",
        comments.change_comment,
        name="change_comment",
    ),
    path(
        "<str:reference>/opmerkingen/<int:comment_id>/verwijderen/",
        comments.delete_comment,
        name="delete_comment",
    ),
    path(
        "<str:reference>/opmerkingen/<int:comment_id>/afgehandeld/",
        comments.resolve_comment,
        name="resolve_comment",
    ),
    path(
        "<str:reference>/opmerkingen/<int:comment_id>/heropenen/",
        comments.reopen_comment,
        name="reopen_comment",
    ),
    path("<str:reference>/bijlagen/", attachments.attachments, name="attachments"),
    path("<str:reference>/bijlagen/<int:attachment_id>/", attachments.attachment, name="attachment"),
    path(
        "<str:reference>/bijlagen/<int:attachment_id>/verwijderen/",
        attachments.remove_attachment,
        name="remove_attachment",
    ),
    path("<str:reference>/controleren/", submitting.check, name="check"),
    path("<str:reference>/indienen/", submitting.submit, name="submit"),
    path("<str:reference>/intrekken/", submitting.withdraw, name="withdraw"),
    path("<str:reference>/terugzetten/", withdrawn.undo, name="undo_withdrawal"),
    path("<str:reference>/opnieuw/", withdrawn.start_again, name="start_again"),
    path("<str:reference>/stand/", received.status, name="status"),
    path("<str:reference>/ontvangstbevestiging/", received.receipt_pdf, name="receipt_pdf"),
    path(
        "<str:reference>/instemming/<int:participation_id>/",
        consents.consent_account,
        name="consent_account",
    ),
    path("<str:reference>/ondertekening/<str:role>/", signing.sign_account, name="sign_account"),
    path("<str:reference>/ondertekening/<str:role>/vragen/", signing.ask_signature, name="ask_signature"),
]
