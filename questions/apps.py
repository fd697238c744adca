from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = "Pledging events"

    def ready(self):
        from questions import checks  # noqa: F401  (registers the system checks)
