from django.apps import AppConfig


class InnovationsConfig(AppConfig):
    name = "innovations"

    def ready(self) -> None:
        from innovations import message_kinds
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
