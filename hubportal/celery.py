"""The Celery application of the worker and of beat."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")

app = Celery("hubportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["hubportal"])


@worker_process_init.connect
def freeze_loaded_objects(**_: Any) -> None:
    """Exclude loaded modules from garbage collection, which traversed them all while letters were made."""
    gc.collect()
    gc.freeze()
