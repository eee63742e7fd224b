"""The shared cache as the portal uses it, for one worker of one run of the tests."""

from hubportal.cache import SteadyCache


class OwnKeysCache(SteadyCache):
    """Clears the keys with its own prefix, where Django's would clear everybody's."""

    def clear(self) -> bool:
        """Remove what this worker stored."""
        client = self._cache.get_client(None, write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        return bool(client.delete(*keys)) if keys else True
