"""Addresses of residents: where they write, what was mailed to them, and the kwartiermaker's page about it."""

from django.urls import path

from residents.enums import MessageKind
from residents.views import confirming, contacts, messages, writing

app_name = "residents"
_TO_REGION = "regios/<slug:slug>"
_IN_REGION = "regiowerk/<slug:slug>/berichten"
urlpatterns = [
    path(f"{_TO_REGION}/meedoen/", writing.write, {"kind": MessageKind.TAKE_PART}, name="take_part"),
    path(f"{_TO_REGION}/vraag-aandragen/", writing.write, {"kind": MessageKind.QUESTION}, name="question"),
    path(
        f"{_TO_REGION}/organisatie-aanmelden/",
        writing.write,
        {"kind": MessageKind.ORGANISATION},
        name="organisation",
    ),
    path(f"{_TO_REGION}/schrijven/", writing.write, {"kind": MessageKind.LETTER}, name="letter"),
    path("bericht/bevestigen/<str:secret>/", confirming.confirm, name="confirm"),
    path("bericht/inzien/<str:secret>/", confirming.kept, name="kept"),
    path(f"{_IN_REGION}/", messages.messages_page, name="messages"),
    path(f"{_IN_REGION}/<int:message_id>/", messages.message, name="message"),
    path(f"{_IN_REGION}/<int:message_id>/overnemen/", messages.take_over, name="take_over"),
    path("regiowerk/<slug:slug>/bereikbaar/", contacts.contact, name="contact"),
    path("regiowerk/<slug:slug>/bereikbaar/weghalen/", contacts.hide, name="hide_contact"),
]
