"""Verification of a document by anyone, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.documents.domain.bounded import TooBusy
from hubportal.documents.domain.verification import Finding, verify_code, verify_file
from hubportal.documents.forms import VerificationForm
from hubportal.visitors import asks_too_often

# Per address of a visitor: enough for a person with a pile of letters, too few to search for codes.
_MAX_PER_MINUTE = 20
_MINUTE = 60


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it what is found for a code or a file."""
    if request.method != "POST":
        return _page(request, VerificationForm())
    if _asks_too_often(request):
        return _wait(request)
    form = VerificationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    try:
        finding = verify_file(file.read()) if file is not None else verify_code(form.cleaned_data["code"])
    except TooBusy as refusal:
        return _page(request, form, refusal=str(refusal), status=503)
    return _page(request, VerificationForm(), finding=finding, is_by_code=file is None)


@require_safe
def verify_printed_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is found for the code in the address that a letter prints."""
    if _asks_too_often(request):
        return _wait(request)
    return _page(request, VerificationForm(), finding=verify_code(code), is_by_code=True)


def _page(
    request: HttpRequest,
    form: VerificationForm,
    *,
    finding: Finding | None = None,
    is_by_code: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "finding": finding, "is_by_code": is_by_code, "refusal": refusal}
    return render(request, "documents/verify.html", context, status=status)


def _wait(request: HttpRequest) -> HttpResponse:
    refusal = _("You have just checked many documents. Wait a minute.")
    return _page(request, VerificationForm(), refusal=refusal, status=429)


def _asks_too_often(request: HttpRequest) -> bool:
    return asks_too_often(request, what="verification", most=_MAX_PER_MINUTE, seconds=_MINUTE)
