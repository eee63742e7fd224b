"""What a kwartiermaker shows of themselves to visitors of a region."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.middleware import SignedInRequest
from mapping.views.workspace import assigned_region
from residents.domain.contacts import hide_contact, show_contact
from residents.forms.contacts import ContactForm
from residents.queries import contact_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say how visitors can call, or change that; nothing is shown before it was saved here."""
    region = assigned_region(request, slug)
    shown = contact_of(request.user, region)
    initial = (
        {"name": shown.name, "phone": shown.phone, "hours": shown.hours}
        if shown
        else {"name": request.user.full_name}
    )
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        show_contact(region=region, **form.cleaned_data, actor=request.user, at=request.received_at)
        messages.success(request, _("Visitors of the region can see now how to call you."))
        return redirect("residents:messages", slug)
    context = {"region": region, "form": form, "shown": shown}
    return render(request, "residents/contact.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def hide(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show it no more, and forget it."""
    region = assigned_region(request, slug)
    hide_contact(region=region, actor=request.user, at=request.received_at)
    messages.success(request, _("Visitors see no more how to call you."))
    return redirect("residents:messages", slug)
