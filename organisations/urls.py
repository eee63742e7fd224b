"""Addresses of the organisations app."""

from django.urls import path

from organisations.views import claiming

app_name = "organisations"
urlpatterns = [
    path("", claiming.my_organisations, name="my_organisations"),
    path("toevoegen/", claiming.claim, name="claim"),
]
