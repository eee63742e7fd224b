"""Addresses of the decisions app: the letter, and the account of a grant beside the application itself."""

from django.urls import path

from decisions.views import accounts, letters

app_name = "decisions"
urlpatterns = [
    path("besluiten/<str:reference>/brief/", letters.letter, name="letter"),
    path("aanvragen/<str:reference>/rekening/", accounts.bank_account, name="bank_account"),
]
