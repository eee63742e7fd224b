"""Addresses of verification."""

from django.urls import path

from hubportal.documents.views import verification

app_name = "documents"

urlpatterns = [
    path("verificatie/", verification.verify, name="verify"),
    path("verificatie/<str:code>/", verification.verify_printed_code, name="verify_code"),
]
