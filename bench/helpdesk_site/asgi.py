"""The application that uvicorn serves: synchronous pages in threads, as ours are."""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.helpdesk_site.settings")
THREADS = 6
application: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=THREADS)
