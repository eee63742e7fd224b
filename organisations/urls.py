"""Addresses of the organisations app."""

from django.urls import path

from organisations.views import claiming, representing

app_name = "organisations"
urlpatterns = [
    path("", claiming.my_organisations, name="my_organisations"),
    path("toevoegen/", claiming.claim, name="claim"),
    path("<int:organisation_id>/vertegenwoordigers/", representing.colleagues, name="colleagues"),
    path("vertegenwoordigers/<int:representative_id>/bevestigen/", representing.confirm, name="confirm"),
    path("vertegenwoordigers/<int:representative_id>/betwisten/", representing.dispute, name="dispute"),
    path("vertegenwoordigers/<int:representative_id>/stoppen/", representing.stop, name="stop"),
    path(
        "vertegenwoordigers/<int:representative_id>/opnieuw-vragen/", representing.ask_again, name="ask_again"
    ),
]
