"""The web application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from hubportal.deadline import end_long_transactions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")

application = get_wsgi_application()
end_long_transactions()
