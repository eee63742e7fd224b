"""Signing the declaration: asking for it, through a one-time link, or logged in (rule 10)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.domain import signing
from applications.domain.frozen import frozen_content
from applications.domain.links import check_alive, find_link
from applications.domain.signing import address_of_signatory, check_may_be_signed
from applications.enums import LinkPurpose, SigningRole
from applications.forms.answering import SigningForm
from applications.models import Application
from applications.permissions import may_manage, may_sign
from applications.queries import with_coalition
from applications.queries.functions import function_of_account, function_of_asked
from applications.views.links import copy_again_url, dead_link, unknown_link
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import ReceivedRequest, SignedInRequest
from hubportal.secret_pages import secret_address


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show the declaration through a mailed link, and record the signature; only signing uses up the link."""
    link = find_link(secret, LinkPurpose.SIGN)
    if link is None:
        return unknown_link(request)
    role = SigningRole(link.signing_role)
    try:
        check_alive(link, at=request.received_at)
        check_may_be_signed(link.application, role, at=request.received_at)
    except RuleViolation as refusal:
        return dead_link(request, str(refusal), link=link)
    function = _function_named(link.application, role) or function_of_asked(
        link, organisation_id=link.application.coalition.lead_organisation_id
    )
    known = {"name": link.name, "function": function}
    form = SigningForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            signature = signing.sign_by_link(
                link=link,
                name=form.cleaned_data["name"],
                function=form.cleaned_data["function"],
                signed_in_as=request.user if isinstance(request.user, User) else None,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            return dead_link(request, str(refusal), link=link)
        shown = {
            "signature": signature,
            "link": link,
            "copy_again_url": copy_again_url(link, request),
            "copy_email": link.email,
        }
        return render(request, "applications/signed.html", shown)
    return _page(request, link.application, role, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_account(request: SignedInRequest, reference: str, role: str) -> HttpResponse:
    """Let the person named in the application sign while logged in."""
    application, signing_role = _application_and_role(request, reference, role)
    try:
        may_sign.check(request.user, address_of_signatory(application, signing_role))
        check_may_be_signed(application, signing_role, at=request.received_at)
        function = _function_named(application, signing_role) or function_of_account(
            request.user, organisation_id=application.coalition.lead_organisation_id
        )
        form = SigningForm(request.POST if request.method == "POST" else None, initial={"function": function})
        del form.fields["name"]
        if not form.is_valid():
            return _page(request, application, signing_role, form)
        signing.sign_by_account(
            application_id=application.pk,
            role=signing_role,
            function=form.cleaned_data["function"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have signed the declaration."))
    return redirect("applications:status", reference)


@login_required
@require_POST
def ask_signature(request: SignedInRequest, reference: str, role: str) -> HttpResponse:
    """Mail the link to sign; only the last link works."""
    application, signing_role = _application_and_role(request, reference, role)
    try:
        link = signing.ask_signature(
            application_id=application.pk, role=signing_role, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The link for signing is on its way to %(name)s, %(email)s.")
            % {"name": link.name, "email": link.email},
        )
    return redirect("applications:status", reference)


def _application_and_role(
    request: SignedInRequest, reference: str, role: str
) -> tuple[Application, SigningRole]:
    application = get_object_or_404(with_coalition(may_manage.rows(request.user)), reference=reference)
    if role not in SigningRole.values:
        raise Http404
    return application, SigningRole(role)


def _function_named(application: Application, role: SigningRole) -> str:
    """Return the function that the application names for who signs in a role; they may type another."""
    people = application.people
    main = people.main_applicant_name.casefold(), people.main_applicant_email.casefold()
    is_signatory = main == (people.signatory_name.casefold(), people.signatory_email.casefold())
    is_named = role == SigningRole.AUTHORISED_SIGNATORY or is_signatory
    return people.signatory_function if is_named else ""


def _page(
    request: ReceivedRequest, application: Application, role: SigningRole, form: SigningForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "application": application,
        "role": role,
        "form": form,
        "content": frozen_content(application),
        "frozen": application.frozen,
    }
    return render(request, "applications/sign.html", context, status=422 if form.errors else 200)
