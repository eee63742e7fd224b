"""What visitors asked about public cards of a region, and answering it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.agreement_queries import requests_in
from mapping.correction_queries import corrections_of
from mapping.domain.correcting import answer_correction
from mapping.forms.correcting import CorrectionAnswerForm
from mapping.views.workspace import assigned_region


@login_required
@require_safe
def corrections(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what visitors asked about the public cards of the region."""
    region = assigned_region(request, slug)
    asked = corrections_of(request.user).filter(region=region)
    page = Paginator(asked.order_by("-confirmed_at", "-pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mapping/corrections.html", {"region": region, "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: SignedInRequest, slug: str, correction_id: int) -> HttpResponse:
    """Show what somebody asked about a public card, and answer it."""
    region = assigned_region(request, slug)
    asked = get_object_or_404(corrections_of(request.user).filter(region=region), pk=correction_id)
    form = CorrectionAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_correction(
                request_id=asked.pk,
                answer=form.cleaned_data["answer"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("Your answer has been sent."))
            return redirect("mapping:corrections", slug)
    known = requests_in(asked.organisation, region).filter(mailbox=asked.mailbox)
    context = {"region": region, "asked": asked, "form": form, "is_known_mailbox": known.exists()}
    return render(request, "mapping/correction.html", context, status=422 if form.errors else 200)
