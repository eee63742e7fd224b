"""Pages for machines that watch the portal."""

from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hubportal.health.probes import readiness


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether everything that serving needs works, without saying how it is built."""
    # Real time on purpose: a watcher does not live in the demo's calendar.
    parts = readiness(at=datetime.now(UTC))
    is_ready = all(parts.values())
    body = {"status": "ok" if is_ready else "unavailable", "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)
