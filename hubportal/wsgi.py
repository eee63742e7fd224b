"""The web application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from hubportal.deadline import end_long_transactions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")

application = get_wsgi_application()
end_long_transactions()
# Pages are loaded before the first request, and what is loaded stays: garbage collection need not go through it each time.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
