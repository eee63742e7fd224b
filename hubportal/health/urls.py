"""Addresses for machines that watch the portal."""

from django.urls import path

from hubportal.health import views

app_name = "health"
urlpatterns = [
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
]
