"""Addresses of destruction reports inside the admin site."""

from django.urls import path

from retention.admin import reports

urlpatterns = [
    path("bewaren/", reports.reports_page, name="destruction_reports"),
    path("bewaren/<int:pk>/", reports.report, name="destruction_report"),
    path("bewaren/<int:pk>/terugnemen/", reports.take_back, name="take_back_destruction"),
]
