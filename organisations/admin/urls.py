"""Addresses of representatives inside the admin site."""

from django.urls import path

from organisations.admin import representatives

urlpatterns = [
    path("vertegenwoordigers/", representatives.representatives, name="representatives"),
    path("vertegenwoordigers/<int:pk>/bevestigen/", representatives.confirm, name="confirm_representative"),
    path("vertegenwoordigers/<int:pk>/beeindigen/", representatives.end, name="end_representative"),
]
