"""Addresses of messages inside the admin site."""

from django.urls import path

from correspondence.admin import messages

_MESSAGES = "berichten/<str:reference>/"
_MESSAGE = f"{_MESSAGES}<int:number>/<int:message_number>/"
urlpatterns = [
    path("berichten/", messages.waiting, name="messages"),
    path(_MESSAGES, messages.conversations, name="message_conversations"),
    path(f"{_MESSAGES}<int:number>/", messages.conversation, name="message_conversation"),
    path(f"{_MESSAGES}<int:number>/afsluiten/", messages.close, name="close_conversation"),
    path(f"{_MESSAGE}terugnemen/", messages.take_back, name="message_take_back"),
    path(f"{_MESSAGE}bijlage/", messages.file, name="message_file"),
]
