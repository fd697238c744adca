import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pledgeportal.settings")

application = get_wsgi_application()

from questions.checks import unsafe_settings  # noqa: E402  (reads the settings)

if gaps := unsafe_settings():
    print("The portal does not start:", *(gap for _number, gap in gaps), sep="\n", file=sys.stderr)
    sys.exit(3)  # gunicorn gives up at this code; at others it would start the worker again

# What is loaded now stays; looking through it for garbage is a tenth of a page's first render.
gc.freeze()
gc.set_threshold(10_000, 20, 20)
