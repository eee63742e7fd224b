"""Addresses of applications inside the admin site."""

from django.urls import path

from applications.admin import reading

urlpatterns = [
    path("aanvragen/<str:reference>/", reading.application, name="application"),
    path("aanvragen/<str:reference>/bijlagen/<str:sha256>/", reading.attachment, name="attachment"),
]
