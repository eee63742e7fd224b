"""Addresses of the coalitions app."""

from django.urls import path

from coalitions.views import coalitions, correcting, known, partners

app_name = "coalitions"
urlpatterns = [
    path("", coalitions.list_coalitions, name="list"),
    path("bekend/", known.known_number, name="known_number"),
    path("starten/", coalitions.start, name="start"),
    path(
        "organisatie/<int:representative_id>/corrigeren/",
        correcting.correct_organisation,
        name="correct_organisation",
    ),
    path("<int:coalition_id>/", coalitions.detail, name="detail"),
    path("<int:coalition_id>/naam/", correcting.rename, name="rename"),
    path("<int:coalition_id>/tonen/", coalitions.show, name="show"),
    path("<int:coalition_id>/partner-toevoegen/", partners.add_partner, name="add_partner"),
    path(
        "<int:coalition_id>/partner/<int:participation_id>/contactpersoon/",
        partners.change_contact,
        name="change_contact",
    ),
    path(
        "<int:coalition_id>/partner/<int:participation_id>/verwijderen/",
        partners.remove_partner,
        name="remove_partner",
    ),
]
