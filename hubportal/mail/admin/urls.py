"""Addresses of mails inside the admin site."""

from django.urls import path

from hubportal.mail.admin import settling

urlpatterns = [
    path("mails/", settling.mails, name="mails"),
    path("mails/<int:pk>/", settling.mail, name="mail"),
]
