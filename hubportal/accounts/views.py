"""Confirming an address, the own name, and how long a session lasts."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.views import ConfirmEmailView, EmailVerificationSentView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.accounts.domain.naming import change_own_name
from hubportal.accounts.forms import ChosenPasswordForm, NameForm
from hubportal.accounts.models import User
from hubportal.accounts.queries import has_confirmed_an_address
from hubportal.accounts.sessions import prolong, seconds_left
from hubportal.accounts.waiting import address_of, waiting_for
from hubportal.kernel import clock
from hubportal.kernel.errors import RuleViolation
from hubportal.visitors import asks_too_often, is_over

# By one network.
MOST_PASSKEYS_A_MINUTE = 30
# Of one account, in ten minutes.
MOST_PASSWORDS = 10
_TEN_MINUTES = 600


class ConfirmAddress(ConfirmEmailView):
    """Confirms an address for who made the account: in the browser in which they did, or by the password that they chose.

    Anybody can register with the address of somebody else. Who reads that mailbox and presses a button would open to them an
    account that answers for its owner (rule 27).
    """

    form: ChosenPasswordForm | None = None

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm the address, or ask the password again."""
        self.object = self.get_object()  # type: ignore[no-untyped-call]
        account = self.object.email_address.user
        if _asks_password(self.request, account):
            # Each try costs a hash, and may be a guess.
            if is_over(f"confirm-password:{account.pk}", MOST_PASSWORDS, _TEN_MINUTES):
                return render(self.request, "429.html", status=429)
            self.form = ChosenPasswordForm(account, self.request.POST)
            if not self.form.is_valid():
                return self.render_to_response(self.get_context_data(), status=422)
        answer: HttpResponse = super().post(*args, **kwargs)
        return answer

    def logout_other_user(self, confirmation: Any) -> None:
        """Log nobody out who only opens a link: it may come from somebody else, and what they typed would be gone (rule 32)."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form where the password is asked."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.object and _asks_password(self.request, self.object.email_address.user):
            context["form"] = self.form or ChosenPasswordForm(self.object.email_address.user)
        return context


class ConfirmationSent(EmailVerificationSentView):
    """Says that the address has to be confirmed, and sends the link again to who registered in this browser."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address that waits, if one does."""
        login = waiting_for(self.request)
        return {**super().get_context_data(**kwargs), "waiting": login and address_of(login)}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send it again, within the limits on mails; the answer is the same whether somebody has an account (rule 26)."""
        login = waiting_for(request)
        if login is None:
            return redirect("account_login")
        if not send_verification_email_at_login(request, login):
            messages.info(request, _("We sent the e-mail a moment ago. Wait a few minutes for it."))
        return redirect("account_email_verification_sent")


class PasskeyLogin(LoginWebAuthnView):
    """Logs in by a passkey."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with what a passkey signs, as often as people press the button: each begins a session."""
        if asks_too_often(request, what="passkeys", most=MOST_PASSKEYS_A_MINUTE, seconds=60):
            return JsonResponse({}, status=429)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Answer how many seconds the session lasts, and by POST let it last on."""
    at = clock.of_this_machine()
    if request.method == "POST":
        prolong(request, at=at)
    return JsonResponse({"seconds": seconds_left(request, at=at)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Show the own name and correct it."""
    if request.method == "POST":
        response: HttpResponse = _correct_name(request)
        return response
    return _name_page(request, NameForm(initial={"full_name": _name_of(request)}))


@reauthentication_required
def _correct_name(request: HttpRequest) -> HttpResponse:
    """Correct the own name, by who shows again who they are: an open session alone is not enough (rule 27)."""
    assert isinstance(request.user, User)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            is_new = change_own_name(name=form.cleaned_data["full_name"], actor=request.user, at=clock.now())
        except RuleViolation as refusal:
            form.add_error("full_name", str(refusal))
        else:
            told = _("Your name has been changed.") if is_new else _("You are called so already.")
            messages.success(request, told)
            return redirect("account_name")
    return _name_page(request, form)


def _name_page(request: HttpRequest, form: NameForm) -> HttpResponse:
    context = {"form": form, "current_name": _name_of(request)}
    return render(request, "account/name.html", context, status=422 if form.errors else 200)


def _name_of(request: HttpRequest) -> str:
    assert isinstance(request.user, User)  # who is not logged in does not come here
    return request.user.full_name


def _asks_password(request: HttpRequest, account: User) -> bool:
    """Tell whether an account that nobody confirmed yet was made in another browser, as far as this one knows."""
    if has_confirmed_an_address(account.pk):
        return False
    login = waiting_for(request)
    return login is None or login.user is None or login.user.pk != account.pk
