"""Addresses of completing inside the admin site."""

from django.urls import path

from completions.admin import asking, reading

_COMPLETION = "aanvullingen/<str:reference>/"
urlpatterns = [
    path("aanvullingen/", asking.completions, name="completions"),
    path(_COMPLETION, asking.completion, name="completion"),
    path(f"{_COMPLETION}vragen/", asking.ask, name="ask_to_complete"),
    path(f"{_COMPLETION}<int:number>/<str:sha256>/", reading.completion_file, name="completion_file"),
]
