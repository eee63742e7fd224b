"""Files that go with an answer: listed, added, taken away and read (rule 24)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.views.access import or_404
from completions.domain.adding import MOST_FILES_PER_POINT, add_file, remove_added_file
from completions.domain.answering import is_open
from completions.forms import FileForm
from completions.models import CompletionFile
from completions.views.completion import opened
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest, whole_at


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """List the files of the answer to a point, and add one."""
    application, asked = opened(request, reference)
    point = get_object_or_404(asked.points, number=number)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid() and _is_added(request, reference, number, form):
        messages.success(request, _("The file has been added. Nothing has been sent yet."))
        return redirect("completions:files", reference, number)
    context = {
        "application": application,
        "asked": asked,
        "point": point,
        "files": point.files.order_by("pk"),
        "form": form,
        "most": MOST_FILES_PER_POINT,
        "is_open": is_open(application, asked, at=request.received_at),
    }
    return render(request, "completions/files.html", context, status=422 if form.errors else 200)


def _is_added(request: SignedInRequest, reference: str, number: int, form: FileForm) -> bool:
    try:
        or_404(
            lambda: add_file(
                reference=reference,
                number=number,
                title=form.title,
                content=form.cleaned_data["file"].read(),
                actor=request.user,
                at=whole_at(request),
            )
        )
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="file")
        return False
    return True


@login_required
@require_POST
def remove(request: SignedInRequest, reference: str, number: int, sha256: str) -> HttpResponse:
    """Take a file away from an answer. Idempotent."""
    _application, asked = opened(request, reference)
    get_object_or_404(asked.points, number=number)
    try:
        remove_added_file(
            reference=reference, number=number, sha256=sha256, actor=request.user, at=whole_at(request)
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("The file has been removed."))
    return redirect("completions:files", reference, number)


@login_required
@require_safe
def file(request: SignedInRequest, reference: str, number: int, sha256: str) -> HttpResponse:
    """Send a file of an answer as a download that cannot run in the portal."""
    _application, asked = opened(request, reference)
    found = get_object_or_404(CompletionFile, point__request=asked, point__number=number, sha256=sha256)
    return send_added(request, found, reference)


def send_added(request: HttpRequest, found: CompletionFile, reference: str) -> HttpResponse:
    """Return a file of an answer as a download."""
    number = found.point.number
    filename = f"{reference}-aanvulling-{number}-{found.sha256[:8]}.pdf"
    return stored_pdf(request, name=found.stored_as, sha256=found.sha256, filename=filename)
