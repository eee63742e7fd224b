"""Addresses of the regions app."""

from django.urls import URLPattern

app_name = "regions"
urlpatterns: list[URLPattern] = []
