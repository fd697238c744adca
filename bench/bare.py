"""The measure: one Django view without middleware, database or template."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path


def page(request):
    return HttpResponse("ok")


urlpatterns = [path("", page)]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="unused",
    USE_TZ=True,
)
application = get_wsgi_application()
