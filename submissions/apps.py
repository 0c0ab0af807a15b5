from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from notifications import kinds
        from submissions import message_kinds, receivers  # noqa: F401  connects itself

        kinds.register(*message_kinds.KINDS)
