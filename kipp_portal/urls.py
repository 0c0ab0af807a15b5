"""All routes. Each app's `urls.py` holds full paths, in Indonesian."""

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from kipp_portal import views

account_patterns: list[URLPattern | URLResolver] = [
    path("masuk/", allauth_views.login, name="account_login"),
    path("keluar/", allauth_views.logout, name="account_logout"),
    path("nonaktif/", allauth_views.account_inactive, name="account_inactive"),
    path("konfirmasi/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("sandi/ganti/", allauth_views.password_change, name="account_change_password"),
    path("sandi/lupa/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "sandi/lupa/terkirim/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "sandi/baru/<str:uidb36>-<str:key>/",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sandi/baru/selesai/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("beranda/", views.dashboard, name="dashboard"),
    path("bantuan/", views.help_page, name="help"),
    path("privasi/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("akun/", include(account_patterns)),
    path("", include("accounts.urls")),
    path("", include("competitions.urls")),
    path("", include("submissions.urls")),
    path("", include("judging.urls")),
    path("", include("awards.urls")),
    path("", include("catalogue.urls")),
    path("", include("monitoring.urls")),
    path("", include("documents.urls")),
    path("", include("notifications.urls")),
]
if settings.DEBUG:
    from core.views import components_inventory

    urlpatterns.append(
        path(
            "komponen/",
            login_not_required(components_inventory),
            name="components_inventory",
        )
    )

handler400 = "django.views.defaults.bad_request"
