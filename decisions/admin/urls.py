"""Addresses of rounds, decisions and letters inside the admin site."""

from django.urls import path

from decisions.admin import (
    accounts,
    correcting,
    corrections,
    deciding,
    letters,
    post,
    recording,
    returned_copies,
    rounds,
    sending_anew,
    sending_by_post,
    terms,
)

urlpatterns = [
    path("rondes/", rounds.calls, name="rounds"),
    path("rondes/<slug:slug>/<int:number>/", rounds.review_round, name="round"),
    path("besluiten/", deciding.waiting, name="decisions_waiting"),
    path("besluiten/<str:reference>/", deciding.decision, name="decision"),
    path("besluiten/<str:reference>/controleren/", recording.check_and_record, name="check_decision"),
    path("besluiten/<str:reference>/terugnemen/", recording.withdraw, name="withdraw_decision"),
    path("besluiten/<str:reference>/ondertekenen/", deciding.more_time_to_sign, name="more_time_to_sign"),
    path("rekeningen/", accounts.accounts, name="bank_accounts"),
    path("rekeningen/<str:reference>/", accounts.account, name="bank_account"),
    path("rekeningen/<str:reference>/terugsturen/", accounts.send_back, name="send_back_bank_account"),
    path("termijnen/", terms.terms, name="terms"),
    path("brieven/", letters.letters, name="letters"),
    # Before those of one letter: no reference is written like this.
    path("brieven/post/", post.to_post, name="post"),
    path("brieven/post/pdf/", post.bundle, name="post_pdf"),
    path("brieven/post/controleren/", post.check_and_record, name="check_post"),
    path("brieven/post/<int:pk>/pdf/", post.printed, name="printed_letter"),
    path("brieven/<str:reference>/", letters.letter, name="letter"),
    path("brieven/<str:reference>/terugsturen/", recording.send_back, name="send_back_decision"),
    path("brieven/<str:reference>/verbeteren/", correcting.correct, name="correct_letter"),
    path(
        "brieven/<str:reference>/verbeteren/controleren/",
        correcting.check_and_record,
        name="check_correction",
    ),
    path("brieven/<str:reference>/verbetering/", corrections.correction, name="correction"),
    path(
        "brieven/<str:reference>/verbetering/terugnemen/", corrections.take_back, name="take_back_correction"
    ),
    path("brieven/<str:reference>/opnieuw-versturen/", sending_anew.send_anew, name="send_letter_anew"),
    path("brieven/<str:reference>/per-post/", sending_by_post.send_by_post, name="send_letter_by_post"),
    path(
        "brieven/<str:reference>/kopie/<int:number>/",
        returned_copies.returned_copy,
        name="returned_copy",
    ),
    path("brieven/<str:reference>/pdf/", letters.pdf, name="letter_pdf"),
]
