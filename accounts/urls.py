"""Pages of governments, institutions, people and their records."""

from django.urls import URLPattern, path  # noqa: F401  routes follow

app_name = "accounts"

urlpatterns: list[URLPattern] = []
