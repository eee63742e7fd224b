"""The cache that all processes share, and what stands in for it while its server is away."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# How long a server that did not answer is left alone.
_PAUSE_SECONDS = 5.0


class SteadyCache(RedisCache):
    """A shared cache that goes on in each process by itself while its server is away.

    It counts attempts, to log in among them. Without the server each process counts its own, which is less strict;
    nobody is refused because the server is away.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("hubportal", params)
        self._away_until = 0.0

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Store a value unless there is one."""
        return self._tried(super().add, self._own.add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return a value."""
        return self._tried(super().get, self._own.get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Store a value."""
        return self._tried(super().set, self._own.set, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count. Raises ``ValueError`` for what is not there."""
        return self._tried(super().incr, self._own.incr, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Remove a value."""
        return self._tried(super().delete, self._own.delete, *args, **kwargs)

    def answers(self) -> bool:
        """Tell whether the server stores a value. Raises ``RedisError``."""
        token = uuid.uuid4().hex
        super().set(f"answers-{token}", token, timeout=10)
        return bool(super().get(f"answers-{token}") == token)

    def _tried(self, shared: Callable[..., Any], own: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return shared(*args, **kwargs)
            except RedisError:
                self._away_until = time.monotonic() + _PAUSE_SECONDS
        return own(*args, **kwargs)
