"""Addresses of requests for a dossier inside the admin site."""

from django.urls import path

from takeovers.admin import takeovers

urlpatterns = [
    path("overnames/", takeovers.waiting, name="takeovers"),
    path("overnames/<int:pk>/", takeovers.takeover, name="takeover"),
    path("overnames/<int:pk>/bewijs/", takeovers.proof, name="takeover_proof"),
    path("overnames/<int:pk>/toekennen/", takeovers.grant, name="grant_takeover"),
    path("overnames/<int:pk>/weigeren/", takeovers.refuse, name="refuse_takeover"),
    path("overnames/<int:pk>/terugdraaien/", takeovers.undo, name="undo_takeover"),
]
