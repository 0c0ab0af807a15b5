from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"

    def ready(self) -> None:
        from competitions import message_kinds
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
