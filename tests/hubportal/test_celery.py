"""The processes of the worker."""

import gc

from celery.signals import worker_process_init


def test_a_new_process_of_the_worker_leaves_what_is_loaded_out_of_garbage_collection() -> None:
    try:
        worker_process_init.send(sender=None)
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
