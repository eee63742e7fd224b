"""Addresses of people, mails, events and background work inside the admin site."""

from django.urls import path

from hubportal.office.admin import background, events, mails, people

urlpatterns = [
    path("personen/", people.people, name="people"),
    path("personen/<int:pk>/", people.person, name="person"),
    path("mails/", mails.mails, name="mails"),
    path("mails/teruggekomen/", mails.mails_back, name="mails_back"),
    path("mails/<int:pk>/", mails.mail, name="mail"),
    path("gebeurtenissen/", events.events, name="events"),
    path("achtergrondwerk/", background.background_work, name="background_work"),
    path("achtergrondwerk/<int:pk>/opnieuw/", background.retry, name="retry"),
]
