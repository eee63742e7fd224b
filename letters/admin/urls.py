"""Addresses of calls and their letters inside the admin site."""

from django.urls import path

from letters.admin import calls

urlpatterns = [path("oproepen/<slug:slug>/", calls.call, name="call")]
