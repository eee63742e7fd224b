"""Addresses of people: those of the kwartiermaker, and those that were mailed to people themselves."""

from django.urls import path

from people.views import consenting, engagements, erasing, kept, people, talks

app_name = "people"
_IN_REGION = "regiowerk/<slug:slug>/mensen"
_OF_PERSON = f"{_IN_REGION}/<int:person_id>"
urlpatterns = [
    path(f"{_IN_REGION}/", people.people, name="people"),
    path(f"{_IN_REGION}/toevoegen/", people.add_person, name="add_person"),
    path(f"{_OF_PERSON}/", people.person, name="person"),
    path(f"{_OF_PERSON}/wijzigen/", people.change, name="change_person"),
    path(f"{_OF_PERSON}/vragen/", people.ask, name="ask"),
    path(f"{_OF_PERSON}/toestemming/", people.record, name="record_consent"),
    path(f"{_OF_PERSON}/wissen/", erasing.erase, name="erase"),
    path(f"{_OF_PERSON}/gesprekken/toevoegen/", talks.add, name="add_talk"),
    path(f"{_OF_PERSON}/gesprekken/<int:talk_id>/", talks.change, name="talk"),
    path(f"{_OF_PERSON}/gesprekken/<int:talk_id>/gedaan/", talks.done, name="follow_up"),
    path(f"{_OF_PERSON}/gesprekken/<int:talk_id>/weghalen/", talks.remove, name="remove_talk"),
    path("regiowerk/<slug:slug>/vraagstukken/matrix/mensen/", engagements.matrix, name="matrix"),
    path(
        "regiowerk/<slug:slug>/vraagstukken/<int:question_id>/mensen/<int:person_id>/",
        engagements.engagement,
        name="engagement",
    ),
    path("mijn-gegevens/vraag/<str:secret>/", consenting.answer, name="answer"),
    path("mijn-gegevens/verlengen/<str:secret>/", consenting.prolong, name="prolong"),
    path("mijn-gegevens/inzien/<str:secret>/", kept.kept, name="kept"),
    path("mijn-gegevens/gewist/<str:code>/", erasing.receipt, name="receipt"),
]
