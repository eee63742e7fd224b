"""Addresses of the kwartiermaker's work (regiowerk)."""

from django.urls import path

from regions.views import mapping, questions

app_name = "mapping"
urlpatterns = [
    path("", mapping.my_regions, name="regions"),
    path("<slug:slug>/", mapping.workspace, name="workspace"),
    path("<slug:slug>/organisaties/toevoegen/", mapping.add_organisation, name="add_organisation"),
    path("<slug:slug>/organisaties/<int:organisation_id>/", mapping.organisation, name="organisation"),
    path("<slug:slug>/organisaties/<int:organisation_id>/publiceren/", mapping.publish, name="publish"),
    path("<slug:slug>/organisaties/<int:organisation_id>/intrekken/", mapping.withdraw, name="withdraw"),
    path("<slug:slug>/vraagstukken/", questions.questions, name="questions"),
    path("<slug:slug>/vraagstukken/toevoegen/", questions.add_question, name="add_question"),
    path("<slug:slug>/vraagstukken/<int:question_id>/", questions.question, name="question"),
]
