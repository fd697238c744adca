from django.urls import include, path

handler400 = "questions.views.errors.bad_request"
handler403 = "questions.views.errors.forbidden"
handler404 = "questions.views.errors.not_found"
handler500 = "questions.views.errors.server_error"

urlpatterns = [path("", include("questions.urls"))]
