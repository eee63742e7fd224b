"""Addresses of the applications app."""

from django.urls import URLPattern

app_name = "applications"
urlpatterns: list[URLPattern] = []
