"""The project package: what is not about subsidies."""

from hubportal.celery import app as celery_app

__all__ = ["celery_app"]
