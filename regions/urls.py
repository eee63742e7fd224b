"""Addresses of the regions app."""

from django.urls import path

from regions.views import claiming

app_name = "regions"
urlpatterns = [
    path("", claiming.my_organisations, name="my_organisations"),
    path("toevoegen/", claiming.claim, name="claim"),
]
