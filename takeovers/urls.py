"""Addresses of asking for a dossier, and of stopping and undoing that."""

from django.urls import path

from takeovers.views import asking, objecting

app_name = "takeovers"
urlpatterns = [
    path(
        "organisaties/vertegenwoordigers/<int:representative_id>/aanvraag-overnemen/", asking.ask, name="ask"
    ),
    path("aanvragen/<str:reference>/overname/", objecting.of_draft, name="of_draft"),
    path("aanvragen/<str:reference>/overname/<int:pk>/weigeren/", objecting.stop, name="stop"),
    path("aanvragen/<str:reference>/overname/<int:pk>/terugdraaien/", objecting.undo, name="undo"),
]
