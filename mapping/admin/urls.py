"""Addresses of regions and of corrections of public cards inside the admin site."""

from django.urls import path

from mapping.admin import assigning, correcting, regions

urlpatterns = [
    path("personen/<int:pk>/regios/", assigning.regions, name="regions_of"),
    path("regios/", regions.regions, name="regions"),
    path("regios/<slug:slug>/", regions.assign, name="assign_region"),
    path("openbare-teksten/", correcting.corrections, name="card_corrections"),
    path("openbare-teksten/<int:pk>/", correcting.correction, name="card_correction"),
]
