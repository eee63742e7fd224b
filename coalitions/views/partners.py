"""Who takes part in a coalition: adding, changing the contact person, removing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coalitions.domain import coalitions
from coalitions.domain.coalitions import KnownUnderOtherName
from coalitions.forms import ContactForm, PartnerForm
from coalitions.models import Coalition, Participation
from coalitions.permissions import may_lead
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.next_page import asked_next, page_without
from organisations.forms import FILLED_IN, filled_in_from

_WHO_JOINS = gettext_lazy(
    "Enter the organisation that is joining and who answers on its behalf. We will not e-mail anyone yet."
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_partner(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Add a partner with its contact person."""
    coalition = _led_coalition(request, coalition_id)
    typed = request.POST if request.method == "POST" else None
    form = PartnerForm(typed, region=coalition.region, initial=filled_in_from(request.GET))
    if form.is_valid():
        values = form.cleaned_data
        try:
            partner = coalitions.add_partner(
                coalition_id=coalition.pk,
                facts=form.facts(),
                works_in_region=values["works_in_region"],
                contact_name=values["contact_name"],
                contact_email=values["contact_email"],
                meant_name=form.name_meant,
                actor=request.user,
                at=whole_at(request),
            )
        except KnownUnderOtherName as known:
            add_violation(form, known)
            form.ask_whether_meant(known.name)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            done = _("%(organisation)s is now in the coalition.")
            messages.success(request, filled_in(done, organisation=dutch(partner.stated_name)))
            return _back(request, coalition)
    return _page(
        request,
        coalition,
        form,
        page_title=_("Add a partner"),
        lead=_WHO_JOINS,
        submit_label=_("Add this partner"),
        here=page_without(request, *FILLED_IN),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_contact(request: SignedInRequest, coalition_id: int, participation_id: int) -> HttpResponse:
    """Change the contact person of a partner."""
    coalition, partner = _partner_of_led_coalition(request, coalition_id, participation_id)
    form = ContactForm.of(partner, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            coalitions.change_contact(
                participation_id=partner.pk,
                actor=request.user,
                at=whole_at(request),
                **form.cleaned_data,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The contact person has been changed."))
            return _back(request, coalition)
    lead = _(
        "Enter the person who will answer on behalf of %(organisation)s from now on. Have you already "
        "asked for consent, or did the earlier contact person agree? Then ask this person again."
    )
    return _page(
        request,
        coalition,
        form,
        page_title=_("Change the contact person"),
        lead=filled_in(lead, organisation=dutch(partner.stated_name)),
        submit_label=_("Save"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_partner(request: SignedInRequest, coalition_id: int, participation_id: int) -> HttpResponse:
    """Ask for confirmation, then remove the partner from the coalition."""
    coalition, partner = _partner_of_led_coalition(request, coalition_id, participation_id)
    if request.method != "POST":
        return _page(
            request,
            coalition,
            None,
            page_title=filled_in(_("Remove %(organisation)s?"), organisation=dutch(partner.stated_name)),
            lead=_(
                "The organisation will then no longer take part in this coalition. You can add it again "
                "later."
            ),
            submit_label=_("Remove"),
            danger=True,
        )
    try:
        coalitions.remove_partner(
            coalition_id=coalition.pk,
            participation_id=partner.pk,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            filled_in(
                _("%(organisation)s is no longer in the coalition."),
                organisation=dutch(partner.stated_name),
            ),
        )
    return _back(request, coalition)


def _led_coalition(request: SignedInRequest, coalition_id: int) -> Coalition:
    return get_object_or_404(may_lead.rows(request.user).select_related("region"), pk=coalition_id)


def _partner_of_led_coalition(
    request: SignedInRequest, coalition_id: int, participation_id: int
) -> tuple[Coalition, Participation]:
    coalition = _led_coalition(request, coalition_id)
    partners = coalition.participations.filter(is_lead=False)
    return coalition, get_object_or_404(partners, pk=participation_id)


def _back(request: SignedInRequest, coalition: Coalition) -> HttpResponse:
    if wanted := asked_next(request):
        return redirect(wanted)
    return redirect("coalitions:detail", coalition.pk)


def _page(
    request: SignedInRequest, coalition: Coalition, form: ContactForm | None, **words: Any
) -> HttpResponse:
    context = {"coalition": coalition, "form": form, "next": asked_next(request), **words}
    status = 422 if form is not None and form.errors else 200
    return render(request, "coalitions/partner.html", context, status=status)
