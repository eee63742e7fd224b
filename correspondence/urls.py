"""Addresses of messages beside the application itself."""

from django.urls import path

from correspondence.views import messages

app_name = "correspondence"
_MESSAGES = "aanvragen/<str:reference>/berichten/"
_MESSAGE = f"{_MESSAGES}<int:number>/<int:message_number>/"
urlpatterns = [
    path(_MESSAGES, messages.conversations, name="conversations"),
    path(f"{_MESSAGES}<int:number>/", messages.conversation, name="conversation"),
    path(f"{_MESSAGE}terugnemen/", messages.take_back, name="take_back"),
    path(f"{_MESSAGE}bijlage/", messages.file, name="file"),
]
