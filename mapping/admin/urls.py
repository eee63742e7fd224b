"""Addresses of assigned regions inside the admin site."""

from django.urls import path

from mapping.admin import assigning

urlpatterns = [path("personen/<int:pk>/regios/", assigning.regions, name="regions_of")]
