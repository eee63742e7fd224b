"""Addresses between the map and coalitions."""

from django.urls import path

from matching.views import finding, helping, partners, proposing

app_name = "matching"
_OF_COALITION = "coalities/<int:coalition_id>"
_OF_REGION = "regiowerk/<slug:slug>/coalities"
urlpatterns = [
    path(f"{_OF_COALITION}/van-de-kaart/", partners.partners, name="partners"),
    path(f"{_OF_COALITION}/van-de-kaart/<uuid:organisation_key>/", partners.invite, name="invite"),
    path(f"{_OF_COALITION}/hulp/", helping.ask, name="ask_help"),
    path(f"{_OF_COALITION}/hulp/stoppen/", helping.end, name="end_help"),
    path("organisaties/<int:organisation_id>/gevonden-worden/", finding.found, name="found"),
    path(
        "organisaties/<int:organisation_id>/gevonden-worden/<int:question_id>/",
        finding.found_on,
        name="found_on",
    ),
    path(f"{_OF_REGION}/", proposing.helped, name="helped"),
    path(f"{_OF_REGION}/voorstellen/", proposing.propose, name="propose"),
    path(f"{_OF_REGION}/voorstellen/<int:proposal_id>/terugnemen/", proposing.take_back, name="take_back"),
]
