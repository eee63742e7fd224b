"""Addresses of judging inside the admin site."""

from django.urls import path

from reviews.admin import (
    adopting,
    advice,
    completing,
    giving_back,
    interests,
    measures,
    placing,
    positions,
    reviewing,
)

urlpatterns = [
    path("beoordelingen/", reviewing.assignments, name="assignments"),
    path("beoordelingen/<str:reference>/", reviewing.review, name="review"),
    path("beoordelingen/<str:reference>/controleren/", completing.check_review, name="check_review"),
    path("beoordelingen/<str:reference>/terugnemen/", completing.withdraw, name="withdraw_review"),
    path("teruggaven/<int:pk>/", giving_back.answer, name="answer_withdrawal"),
    path("belangen/", interests.to_declare, name="to_declare"),
    path("belangen/<str:reference>/", interests.declare, name="declare"),
    path("maatregelen/", measures.interests, name="interests"),
    path("maatregelen/<int:pk>/", measures.measure, name="measure"),
    path("adviezen/", advice.waiting, name="advice_waiting"),
    path("adviezen/<str:reference>/", advice.advice, name="advice"),
    path("toewijzingen/", placing.waiting, name="placements"),
    path("toewijzingen/<str:reference>/", placing.application, name="placement"),
    path("adviezen/<str:reference>/controleren/", adopting.check_and_adopt, name="check_advice"),
    path("adviezen/<str:reference>/terugnemen/", adopting.withdraw, name="withdraw_advice"),
    path("functies/", positions.own, name="positions"),
    path("personen/<int:pk>/functies/", positions.of_person, name="positions_of"),
]
