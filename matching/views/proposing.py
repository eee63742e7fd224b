"""What a kwartiermaker sees of coalitions that ask for help, and proposing the chosen rows of the map to one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from mapping.views.workspace import assigned_region
from matching.domain.helping import propose_partners, take_back_proposal
from matching.forms import ProposeForm
from matching.help_queries import chosen_in, help_asked_in, proposals_for
from matching.interest_queries import is_tied
from matching.models import HelpRequest, PartnerProposal
from matching.permissions import may_take_back
from organisations.models import Organisation
from regions.models import Region


@login_required
@require_safe
def helped(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the coalitions of the region that ask for help, each with what was proposed."""
    region = assigned_region(request, slug)
    asked = list(help_asked_in(region, request.user))
    proposed: dict[int, list[PartnerProposal]] = {each.pk: [] for each in asked}
    for proposal in proposals_for(asked):
        proposed[proposal.help_request_id].append(proposal)
    context = {
        "region": region,
        "asked": [(each, proposed[each.pk]) for each in asked],
        "is_tied": not asked and is_tied(request.user, region),
    }
    return render(request, "matching/helped.html", context)


@login_required
@require_POST
def propose(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the chosen rows and who asks for help; with the button of that page, propose them."""
    region = assigned_region(request, slug)
    chosen = list(chosen_in(region, _keys(request)))
    if not chosen:
        messages.error(request, _("Choose one or more rows first, then propose them."))
        return redirect("mapping:workspace", slug)
    form = ProposeForm(request.POST if "propose" in request.POST else None, region=region, user=request.user)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = propose_partners(
                help_request_id=values["help_request"].pk,
                region=region,
                organisation_keys=[each.map_key for each in chosen],
                reason=values["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _told(len(made)))
            _say_what_stayed(request, values["help_request"], chosen, values["reason"])
            return redirect("matching:helped", slug)
    return _page(request, region, form, chosen)


def _page(
    request: SignedInRequest, region: Region, form: ProposeForm, chosen: list[Organisation]
) -> HttpResponse:
    is_asked = help_asked_in(region, request.user).exists()
    context = {
        "region": region,
        "form": form,
        "is_asked": is_asked,
        "is_tied": not is_asked and is_tied(request.user, region),
        "chosen": [each for each in chosen if each.published_at is not None],
        "hidden": [each for each in chosen if each.published_at is None],
    }
    return render(request, "matching/propose.html", context, status=422 if form.errors else 200)


def _told(number: int) -> str:
    if not number:
        return _("These organisations had been proposed already.")
    return ngettext(
        "%(number)d organisation has been proposed.", "%(number)d organisations have been proposed.", number
    ) % {"number": number}


def _say_what_stayed(
    request: SignedInRequest, asked: HelpRequest, chosen: list[Organisation], reason: str
) -> None:
    """Say of which organisations another reason stays, because they had been proposed before (rule 32)."""
    keys = {each.pk for each in chosen}
    stayed = [
        each.organisation.name
        for each in proposals_for([asked])
        if each.organisation_id in keys and reason and each.reason != reason
    ]
    if stayed:
        words = _(
            "What you wrote now has not been kept for %(names)s: proposed before, in other words. Take that proposal back"
            " first to write something else."
        )
        messages.warning(request, filled_in(words, names=dutch(", ".join(stayed))))


def _keys(request: SignedInRequest) -> list[UUID]:
    keys = []
    for each in request.POST.getlist("rij"):
        try:
            keys.append(UUID(each))
        except ValueError:
            continue
    return keys


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    region = assigned_region(request, slug)
    mine = may_take_back.rows(request.user).filter(help_request__coalition__region=region)
    proposal = get_object_or_404(mine, pk=proposal_id)
    take_back_proposal(proposal_id=proposal.pk, actor=request.user, at=request.received_at)
    messages.success(request, _("The proposal has been taken back."))
    return redirect("matching:helped", slug)
