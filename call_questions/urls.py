"""Addresses of questions about a call, beside the call itself."""

from django.urls import path

from call_questions.views import questions

app_name = "call_questions"
urlpatterns = [
    path("oproepen/<slug:slug>/vragen/", questions.questions, name="questions"),
    path("oproepen/<slug:slug>/vragen/stellen/", questions.ask, name="ask"),
    path("oproepen/<slug:slug>/vragen/<int:number>/", questions.answer, name="answer"),
]
