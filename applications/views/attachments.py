"""Attachments of a draft, and downloads of them (rule 24)."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain import attachments as acts
from applications.domain.snapshot import snapshot_of
from applications.forms.attaching import AttachmentForm, check_size
from applications.models import Application, Attachment
from applications.queries import visible_to
from applications.views.access import draft_page
from applications.views.steps import draft_response
from calls.domain.attachment_kinds import attachment_kinds
from hubportal.documents.domain.uploads import upload_limit
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import as_text, dutch, filled_in
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest, wants_json, whole_at

_EXTENSION = re.compile(r"\.pdf\s*$", re.IGNORECASE)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def attachments(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the attachments and add some: each that is sound, whatever becomes of the others."""
    kinds = attachment_kinds(application.call)
    is_post = request.method == "POST"
    form = (
        AttachmentForm(request.POST, request.FILES, kinds=kinds) if is_post else AttachmentForm(kinds=kinds)
    )
    said = _add_each(request, application, form) if form.is_valid() else []
    for each in said:
        messages.info(request, each)
    if is_post and wants_json(request):
        return _answer_to_script(form, said)
    if is_post and not form.errors:
        return redirect(request.get_full_path())
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
        limit=upload_limit(),
    )


def _add_each(request: SignedInRequest, application: Application, form: AttachmentForm) -> list[str]:
    """Add each file that was sent; return a sentence of each that is there, and put at the form why another is not."""
    at, kind, files = whole_at(request), form.chosen_kind(), form.chosen_files()
    said = []
    for title, file in files:
        try:
            check_size(file)
            attachment = acts.add_attachment(
                application_id=application.pk,
                title=title,
                content=file.read(),
                kind=kind,
                actor=request.user,
                at=at,
            )
        except RuleViolation as refusal:
            if len(files) == 1:
                add_violation(form, refusal, otherwise="file")
            else:
                named = filled_in(
                    "“%(name)s”: %(problem)s", name=visible(file.name or ""), problem=str(refusal)
                )
                form.add_error("file", named)
        else:
            said.append(_what_became_of(attachment, title, at=at))
    return said


def _what_became_of(attachment: Attachment, title: str, *, at: datetime) -> str:
    if attachment.added_at == at:
        sentence = _("“%(title)s” has been saved in your draft. Nothing has been submitted yet.")
        return filled_in(sentence, title=dutch(attachment.title))
    same = _(
        "“%(title)s” is the same file as “%(there)s”, which was in your draft already. It was not added twice."
    )
    return filled_in(same, title=dutch(title), there=dutch(attachment.title))


def _answer_to_script(form: AttachmentForm, said: list[str]) -> HttpResponse:
    """Tell the script, which sends one file at a time, what became of it."""
    refused: list[Any] = [each for errors in form.errors.values() for each in errors]
    sentences = [as_text(each) for each in refused or said]
    return JsonResponse({"message": " ".join(sentences)}, status=422 if refused else 200)


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
