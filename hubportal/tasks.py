"""The heartbeat of worker, beat and broker."""

from datetime import UTC, datetime

from celery import shared_task

from hubportal.health.probes import beat


@shared_task(name="hubportal.heartbeat")
def heartbeat_task() -> None:
    """Record a heartbeat."""
    beat(at=datetime.now(UTC))
