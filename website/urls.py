"""Addresses of the website app."""

from django.urls import URLPattern

app_name = "website"
urlpatterns: list[URLPattern] = []
