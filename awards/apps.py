from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"

    def ready(self) -> None:
        from awards import message_kinds, receivers  # noqa: F401  connects itself
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
