"""Addresses of the event log inside the admin site."""

from django.urls import path

from hubportal.audit.admin import log

urlpatterns = [path("gebeurtenissen/", log.events, name="events")]
