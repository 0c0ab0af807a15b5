from django.apps import AppConfig


class KippPortalConfig(AppConfig):
    name = "kipp_portal"
