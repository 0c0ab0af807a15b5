from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from monitoring import message_kinds
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
