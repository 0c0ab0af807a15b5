from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import message_kinds, receivers  # noqa: F401  connects itself
        from notifications import kinds

        kinds.register(*message_kinds.KINDS)
