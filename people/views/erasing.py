"""Erasing somebody, and the receipt of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import ReceivedRequest, SignedInRequest
from hubportal.secret_pages import secret_address
from mapping.permissions import may_map
from people.domain.erasing import erase_person
from people.forms.people import ErasureForm
from people.queries import engagements_of, receipt_with
from people.views.links import dead_link
from people.views.people import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Show what will be gone, then erase somebody for good."""
    region, known = person_of(request, slug, person_id)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            receipt = erase_person(
                person_id=known.pk, reason=form.chosen(), actor=request.user, at=request.received_at
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            return redirect("people:receipt", receipt.code)
    context = {
        "region": region,
        "person": known,
        "form": form,
        "number_of_talks": known.talks.count(),
        "engagements": engagements_of(known),
    }
    return render(request, "people/erase.html", context, status=422 if form.errors else 200)


@secret_address
@require_safe
def receipt(request: ReceivedRequest, code: str) -> HttpResponse:
    """Show the receipt of an erasure, which names nobody, to whoever has its code."""
    found = receipt_with(code)
    if found is None:
        return dead_link(request, _("We do not recognise this code. Copy the whole link from our e-mail."))
    is_back = may_map.allows(request.user, found.region)
    return render(request, "people/receipt.html", {"receipt": found, "is_back": is_back})
