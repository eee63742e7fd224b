"""Addresses of questions about calls inside the admin site."""

from django.urls import path

from call_questions.admin import publishing, questions

_ANSWER = "vragen/antwoorden/<uuid:key>/"
urlpatterns = [
    path("vragen/", questions.waiting_questions, name="call_questions"),
    path("vragen/antwoorden/", questions.answers, name="call_answers"),
    path("vragen/antwoorden/nieuw/", questions.begin, name="begin_call_answer"),
    path("vragen/<uuid:key>/", questions.question, name="call_question"),
    path("vragen/<uuid:key>/alleen/", publishing.alone, name="answer_alone"),
    path(_ANSWER, questions.answer, name="call_answer"),
    path(f"{_ANSWER}publiceren/", publishing.publish, name="publish_call_answer"),
    path(f"{_ANSWER}terugnemen/", publishing.take_back, name="take_call_answer_back"),
]
