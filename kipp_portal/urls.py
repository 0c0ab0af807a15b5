"""All routes. Each app's `urls.py` holds full paths, in Indonesian."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse_lazy

from accounts.views.single_sign_on import (
    single_sign_on_callback,
    single_sign_on_login,
)
from kipp_portal import views

account_patterns: list[URLPattern | URLResolver] = [
    # The way in
    path("masuk/", account.login, name="account_login"),
    path("masuk/kode/", account.request_login_code, name="account_request_login_code"),
    path(
        "masuk/kode/isi/",
        account.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("masuk/kunci/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("masuk/faktor-kedua/", factors.authenticate, name="mfa_authenticate"),
    path("masuk/kota/", single_sign_on_login, name="single_sign_on_login"),
    path("masuk/kota/balik/", single_sign_on_callback, name="single_sign_on_callback"),
    path("keluar/", account.logout, name="account_logout"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("konfirmasi/", account.reauthenticate, name="account_reauthenticate"),
    path("konfirmasi/kode/", factors.reauthenticate, name="mfa_reauthenticate"),
    path(
        "konfirmasi/kunci/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # Passwords
    path("sandi/ganti/", account.password_change, name="account_change_password"),
    path("sandi/buat/", account.password_set, name="account_set_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path(
        "sandi/lupa/terkirim/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    # The key holds hyphens of its own, the name of the person none.
    re_path(
        r"^sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sandi/baru/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # Second factors
    path("keamanan/", factors.index, name="mfa_index"),
    path("keamanan/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("keamanan/aplikasi/hapus/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "keamanan/kode-cadangan/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "keamanan/kode-cadangan/baru/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "keamanan/kode-cadangan/unduh/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("keamanan/kunci/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "keamanan/kunci/<int:pk>/hapus/",
        passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_remove_webauthn",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("beranda/", views.dashboard, name="dashboard"),
    path("bantuan/", views.help_page, name="help"),
    path("privasi/", views.privacy, name="privacy"),
    path("akun/data/", views.personal_data, name="personal_data"),
    path(
        "akun/data/<uuid:code>.zip", views.personal_data_file, name="personal_data_file"
    ),
    path("bahasa/", views.language_choose, name="set_language"),
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
handler500 = "kipp_portal.views.server_error"
# Asked for by the sign-in library when there were too many tries.
handler429 = "accounts.views.sign_in.too_many_requests"
