"""Attachments of a draft, and downloads of them (rule 24)."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain import attachments as acts
from applications.domain.snapshot import snapshot_of
from applications.forms.attaching import AttachmentForm
from applications.models import Application, Attachment
from applications.queries import visible_to
from applications.views.access import draft_page
from applications.views.steps import draft_response
from calls.domain.attachment_kinds import attachment_kinds
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at

_EXTENSION = re.compile(r"\.pdf\s*$", re.IGNORECASE)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def attachments(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the attachments and add one."""
    is_post = request.method == "POST"
    kinds = attachment_kinds(application.call)
    form = (
        AttachmentForm(request.POST, request.FILES, kinds=kinds) if is_post else AttachmentForm(kinds=kinds)
    )
    if form.is_valid():
        try:
            attachment = acts.add_attachment(
                application_id=application.pk,
                title=form.chosen_title(),
                content=form.cleaned_data["file"].read(),
                kind=form.chosen_kind(),
                actor=request.user,
                at=whole_at(request),
            )
        except RuleViolation as refusal:
            add_violation(form, refusal, otherwise="file")
        else:
            messages.info(
                request,
                filled_in(
                    _("“%(title)s” has been saved in your draft. Nothing has been submitted yet."),
                    title=dutch(attachment.title),
                ),
            )
            return redirect("applications:attachments", application.reference)
    snapshot = snapshot_of(application)
    return draft_response(
        request,
        "applications/attachments.html",
        snapshot,
        "attachments",
        status=422 if form.errors else 200,
        form=form,
        attachments=snapshot.attachments,
        kinds=kinds,
        most=application.call.max_attachments,
    )


@require_POST
@draft_page
def remove_attachment(request: SignedInRequest, application: Application, attachment_id: int) -> HttpResponse:
    """Remove an attachment. Idempotent."""
    try:
        acts.remove_attachment(
            application_id=application.pk,
            attachment_id=attachment_id,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("The file has been removed from your draft."))
    return redirect("applications:attachments", application.reference)


@login_required
@require_safe
def attachment(request: SignedInRequest, reference: str, attachment_id: int) -> HttpResponse:
    """Send an attachment to a person who may read the application; 404 for anybody else."""
    readable = visible_to(request.user).filter(reference=reference)
    found = get_object_or_404(Attachment, pk=attachment_id, application__in=readable)
    return as_download(request, found, reference)


def as_download(request: HttpRequest, found: Attachment, reference: str) -> HttpResponse:
    """Return an attachment as a download that cannot run in the portal."""
    return stored_pdf(
        request,
        name=found.stored_as,
        sha256=found.sha256,
        filename=f"{reference}-{_name_among_all(found)}.pdf",
        scan=found.scan,
    )


def _name_among_all(found: Attachment) -> str:
    """Return the name of a file: its title, with a number where others of the application come to the same."""
    rows = found.application.attachments.order_by("pk").values_list("pk", "title")
    same = [pk for pk, title in rows if _plain_name(title) == _plain_name(found.title)]
    number = f"-{same.index(found.pk) + 1}" if len(same) > 1 else ""
    return f"{_plain_name(found.title)}{number}"


def _plain_name(title: str) -> str:
    return slugify(_EXTENSION.sub("", title)) or "bijlage"
