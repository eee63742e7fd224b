"""Addresses of rounds, decisions and letters inside the admin site."""

from django.urls import path

from decisions.admin import deciding, letters, recording, rounds, sending_anew, terms

urlpatterns = [
    path("rondes/", rounds.calls, name="rounds"),
    path("rondes/<slug:slug>/<int:number>/", rounds.review_round, name="round"),
    path("besluiten/", deciding.waiting, name="decisions_waiting"),
    path("besluiten/<str:reference>/", deciding.decision, name="decision"),
    path("besluiten/<str:reference>/controleren/", recording.check_and_record, name="check_decision"),
    path("besluiten/<str:reference>/terugnemen/", recording.withdraw, name="withdraw_decision"),
    path("besluiten/<str:reference>/ondertekenen/", deciding.more_time_to_sign, name="more_time_to_sign"),
    path("termijnen/", terms.terms, name="terms"),
    path("brieven/", letters.letters, name="letters"),
    path("brieven/<str:reference>/", letters.letter, name="letter"),
    path("brieven/<str:reference>/terugsturen/", recording.send_back, name="send_back_decision"),
    path("brieven/<str:reference>/opnieuw-versturen/", sending_anew.send_anew, name="send_letter_anew"),
    path("brieven/<str:reference>/pdf/", letters.pdf, name="letter_pdf"),
]
