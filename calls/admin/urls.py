"""Addresses of calls inside the admin site."""

from django.urls import path

from calls.admin import reading

urlpatterns = [path("oproepen/<slug:slug>/", reading.call, name="call")]
