"""Addresses of the account that are ours; all others are allauth's."""

from django.urls import path, re_path

from hubportal.accounts.views import ConfirmAddress, ConfirmationSent, PasskeyLogin, name, session

urlpatterns = [
    path("2fa/webauthn/login/", PasskeyLogin.as_view(), name="mfa_login_webauthn"),
    path("naam/", name, name="account_name"),
    path("session/", session, name="account_session"),
    path("confirm-email/", ConfirmationSent.as_view(), name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmAddress.as_view(), name="account_confirm_email"),
]
