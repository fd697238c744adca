from django.conf.urls.i18n import i18n_patterns

from questions.urls import in_each_language, without_language

handler400 = "questions.views.errors.bad_request"
handler403 = "questions.views.errors.forbidden"
handler404 = "questions.views.errors.not_found"
handler500 = "questions.views.errors.server_error"

urlpatterns = [*without_language, *i18n_patterns(*in_each_language)]
