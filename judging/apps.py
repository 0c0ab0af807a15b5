from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "judging"

    def ready(self) -> None:
        from judging import message_kinds, receivers  # noqa: F401  connects itself
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
