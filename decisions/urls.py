"""Addresses of the decisions app."""

from django.urls import path

from decisions.views import letters

app_name = "decisions"
urlpatterns = [path("<str:reference>/brief/", letters.letter, name="letter")]
