"""What readiness depends on, probed one by one."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from hubportal.cache import SteadyCache
from hubportal.documents.domain import scanning
from hubportal.documents.domain.authority import signing_identity

logger = logging.getLogger(__name__)

HEARTBEAT_KEY = "worker-heartbeat"
RECEIVER_KEY = "receiver-heartbeat"
# Several sweeps may be late; a minute of silence is a worker that is gone.
HEARTBEAT_LASTS = timedelta(seconds=60)


def beat(*, at: datetime) -> None:
    """Record a heartbeat: broker, beat and worker are alive. Only a worker calls this."""
    cache.set(HEARTBEAT_KEY, at.timestamp(), timeout=3600)


def receiver_beat(*, at: datetime) -> None:
    """Record that mails are taken over from the mail server. Only the process that does calls this."""
    cache.set(RECEIVER_KEY, at.timestamp(), timeout=3600)


def database_answers() -> bool:
    """Tell whether the database answers a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker_answers() -> bool:
    """Tell whether the broker, which is also the server of the cache, stores a value."""
    shared: SteadyCache = caches["default"]  # type: ignore[assignment]
    return shared.answers()


def storage_works() -> bool:
    """Tell whether a file can be written, read and removed."""
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ready"))
    try:
        with default_storage.open(name) as file:
            return bool(file.read() == b"ready")
    finally:
        default_storage.delete(name)


def worker_is_alive(*, at: datetime) -> bool:
    """Tell whether a worker was heard from in the last minute."""
    return _was_heard(HEARTBEAT_KEY, at=at)


def receiver_is_alive(*, at: datetime) -> bool:
    """Tell whether the process that takes answers by mail was heard from in the last minute."""
    return _was_heard(RECEIVER_KEY, at=at)


def _was_heard(key: str, *, at: datetime) -> bool:
    last = cache.get(key)
    # From the future is no sign of life either: a clock that was put back.
    return last is not None and abs(at.timestamp() - last) < HEARTBEAT_LASTS.total_seconds()


def signing_works(*, at: datetime) -> bool:
    """Tell whether documents can be signed. Raises ``SealNotValid`` and ``ImproperlyConfigured``."""
    signing_identity().check_valid(at=at)
    return True


def readiness(*, at: datetime) -> dict[str, bool]:
    """Return for each part whether it works; errors go to the log only."""
    probes: dict[str, Callable[[], bool]] = {
        "database": database_answers,
        "broker": broker_answers,
        "storage": storage_works,
        "worker": lambda: worker_is_alive(at=at),
        "signing": lambda: signing_works(at=at),
    }
    if scanning.is_set_up():
        # While it is away nothing is submitted that has a file which was not scanned.
        probes["scanner"] = scanning.answers
    if settings.ANSWERS_BY_MAIL_ADDRESS:
        # While it is away the mail server keeps the answers, and nobody reads them.
        probes["receiver"] = lambda: receiver_is_alive(at=at)
    return {name: _holds(name, probe) for name, probe in probes.items()}


def _holds(name: str, probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:
        logger.exception("health: %s does not answer", name)
        return False
