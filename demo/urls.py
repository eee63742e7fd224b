"""Addresses of the demo."""

from django.urls import path

from demo.views import clock, log_in, mails

app_name = "demo"
urlpatterns = [
    path("inloggen/<slug:key>/", log_in.log_in_as, name="log_in_as"),
    path("mails/", mails.mail_list, name="mails"),
    path("mails/soorten/", mails.mail_kinds, name="mail_kinds"),
    path("mails/<int:mail_id>/", mails.mail_detail, name="mail"),
    path("klok/", clock.clock_page, name="clock"),
]
