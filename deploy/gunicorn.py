"""How gunicorn serves the portal behind its proxy."""

import os

# Inside a container, where the proxy alone reaches it.
bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads wait for the database and for slow readers; connections are kept for each.
worker_class = "gthread"
threads = 4
# REQUEST_TIMEOUT_SECONDS of settings.py, by which sealing knows that no request is under way any more.
timeout = int(os.environ.get("HUBPORTAL_REQUEST_TIMEOUT_SECONDS", "60"))
graceful_timeout = 30
# A worker writes its sign of life in memory, not on a disk that may be slow.
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- made private by gunicorn
max_requests = 5000
max_requests_jitter = 500
