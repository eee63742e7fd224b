"""Addresses of people and roles inside the admin site."""

from django.urls import path

from hubportal.accounts.admin import people

urlpatterns = [
    path("personen/", people.people, name="people"),
    path("personen/<int:pk>/", people.person, name="person"),
]
