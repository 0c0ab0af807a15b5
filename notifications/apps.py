from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import kinds, message_kinds

        kinds.register(*message_kinds.KINDS)
