"""Pages of governments, institutions, people and their records."""

from django.urls import URLPattern, path, register_converter

from accounts.views import (
    bulk_invitations,
    entrance,
    government_admin,
    governments,
    institution_steps,
    institution_tables,
    institutions,
    invitations,
    kept_forms,
    people,
    privacy,
    profile,
    records,
    roles,
    sessions,
    sign_in,
)

app_name = "accounts"


class TableEnding:
    """What a table is downloaded as."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableEnding, "table_ending")

_GOVERNMENT = "sekretariat/pemerintah/<slug:government>/orang/"
_BODY = "sekretariat/pemerintah/<slug:government>/"
_INSTITUTIONS = f"{_BODY}instansi/"
_INSTITUTION = f"{_INSTITUTIONS}<str:institution>/"
_TREE = "instansi/<slug:government>/<str:institution>/orang/"
_SECRETARIAT = "pengelola/pemerintah/<slug:government>/orang/"

urlpatterns: list[URLPattern] = [
    # Institutions of a government
    path(_INSTITUTIONS, institutions.institution_list, name="institution_list"),
    path(
        f"{_BODY}instansi-baru/",
        institutions.institution_create,
        name="institution_create",
    ),
    path(
        f"{_BODY}ekspor-instansi.<table_ending:ending>",
        institution_tables.institution_export,
        name="institution_export",
    ),
    path(
        f"{_BODY}templat-instansi.<table_ending:ending>",
        institution_tables.institution_template,
        name="institution_template",
    ),
    path(
        f"{_BODY}impor-instansi/",
        institution_tables.institution_import,
        name="institution_import",
    ),
    path(
        f"{_BODY}impor-instansi/<slug:key>/",
        institution_tables.import_detail,
        name="import_detail",
    ),
    path(
        f"{_BODY}impor-instansi/<slug:key>/kesalahan.<table_ending:ending>",
        institution_tables.import_faults,
        name="import_faults",
    ),
    path(
        f"{_BODY}gabung-instansi/",
        institution_steps.institution_merge,
        name="institution_merge",
    ),
    path(_INSTITUTION, institutions.institution_detail, name="institution_detail"),
    path(
        f"{_INSTITUTION}ubah/", institutions.institution_edit, name="institution_edit"
    ),
    path(
        f"{_INSTITUTION}nama/",
        institution_steps.institution_rename,
        name="institution_rename",
    ),
    path(
        f"{_INSTITUTION}akhiri/",
        institution_steps.institution_end,
        name="institution_end",
    ),
    path(
        f"{_INSTITUTION}aktifkan/",
        institution_steps.institution_reactivate,
        name="institution_reactivate",
    ),
    # The government itself
    path(f"{_BODY}pengaturan/", governments.government_edit, name="government_edit"),
    path(f"{_BODY}lambang/", governments.emblem_edit, name="emblem_edit"),
    path(
        f"{_BODY}penanda-tangan/baru/",
        governments.signatory_create,
        name="signatory_create",
    ),
    path(
        f"{_BODY}penanda-tangan/<uuid:key>/",
        governments.signatory_edit,
        name="signatory_edit",
    ),
    path(
        f"{_BODY}penanda-tangan/<uuid:key>/akhiri/",
        governments.signatory_end,
        name="signatory_end",
    ),
    path(
        "pengelola/pemerintah/",
        government_admin.government_list,
        name="government_list",
    ),
    path(
        "pengelola/pemerintah-baru/",
        government_admin.government_create,
        name="government_create",
    ),
    path(
        "pengelola/pemerintah/<slug:government>/induk/",
        government_admin.government_parent_edit,
        name="government_parent_edit",
    ),
    # People and invitations: of a government, of an institution's tree, and of a
    # government's secretariat for the system admin
    path(_GOVERNMENT, people.people_list, name="people_list"),
    path(_TREE, people.people_list, name="tree_people_list"),
    path(_SECRETARIAT, people.people_list, name="secretariat_people_list"),
    path(
        f"{_GOVERNMENT}undangan/",
        invitations.invitation_list,
        name="invitation_list",
    ),
    path(f"{_TREE}undangan/", invitations.invitation_list, name="tree_invitation_list"),
    path(
        f"{_SECRETARIAT}undangan/",
        invitations.invitation_list,
        name="secretariat_invitation_list",
    ),
    path(
        f"{_GOVERNMENT}undang/",
        invitations.invitation_create,
        name="invitation_create",
    ),
    path(
        f"{_GOVERNMENT}undang/berkas/",
        bulk_invitations.invitation_import,
        name="invitation_import",
    ),
    path(
        f"{_GOVERNMENT}undang/templat.xlsx",
        bulk_invitations.invitation_template,
        name="invitation_template",
    ),
    path(
        f"{_TREE}undang/",
        invitations.invitation_create,
        name="tree_invitation_create",
    ),
    path(
        f"{_SECRETARIAT}undang/",
        invitations.invitation_create,
        name="secretariat_invitation_create",
    ),
    path(
        "undangan/<uuid:key>/kirim-ulang/",
        invitations.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "undangan/<uuid:key>/tarik/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        "undangan/buka/<str:secret>/", entrance.invitation_open, name="invitation_open"
    ),
    path(
        "undangan/<uuid:key>/terima/",
        entrance.invitation_accept,
        name="invitation_accept",
    ),
    path("orang/<uuid:key>/", people.person_detail, name="person_detail"),
    path("orang/<uuid:key>/akun/", people.person_close, name="person_close"),
    path(
        "orang/<uuid:key>/faktor-kedua/",
        people.person_second_factor,
        name="person_second_factor",
    ),
    path("peran/<uuid:key>/akhiri/", roles.role_end, name="role_end"),
    path("peran/<uuid:key>/serah-terima/", roles.role_hand_over, name="role_hand_over"),
    path("akun/peran/", roles.membership_list, name="membership_list"),
    path("akun/peran/<uuid:key>/lepas/", roles.role_leave, name="role_leave"),
    path("akun/bertindak/", roles.body_choose, name="body_choose"),
    # Own sign-in
    path("akun/email/", sign_in.email_change, name="email_change"),
    path("akun/email/<str:token>/", sign_in.email_confirm, name="email_confirm"),
    path("akun/sesi/", sessions.session_list, name="session_list"),
    path("akun/sesi/sisa/", sessions.session_left, name="session_left"),
    path("akun/sesi/lanjut/", sessions.session_extend, name="session_extend"),
    path("akun/sesi/akhiri/", sessions.session_end_others, name="session_end_others"),
    path("akun/sesi/<slug:key>/akhiri/", sessions.session_end, name="session_end"),
    path(
        "akun/teks/<uuid:code>/", kept_forms.kept_form_detail, name="kept_form_detail"
    ),
    path(
        "akun/teks/<uuid:code>/buang/",
        kept_forms.kept_form_discard,
        name="kept_form_discard",
    ),
    # Own data
    path("akun/profil/", profile.profile_edit, name="profile_edit"),
    path("akun/riwayat/", profile.access_list, name="access_list"),
    path("akun/permintaan/", privacy.data_request_list, name="data_request_list"),
    path(
        "akun/permintaan/<uuid:code>/tarik/",
        privacy.data_request_cancel,
        name="data_request_cancel",
    ),
    path(
        "permintaan-data/<uuid:code>/",
        privacy.data_request_answer,
        name="data_request_answer",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/permintaan-data/",
        privacy.data_request_queue,
        name="data_request_queue",
    ),
    path(
        "pengelola/permintaan-data/",
        privacy.data_request_admin_list,
        name="data_request_admin_list",
    ),
    # The log
    path(
        "sekretariat/pemerintah/<slug:government>/catatan/",
        records.record_list,
        name="record_list",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/catatan.csv",
        records.record_csv,
        name="record_csv",
    ),
    path(
        "sekretariat/pemerintah/<slug:government>/catatan.xlsx",
        records.record_xlsx,
        name="record_xlsx",
    ),
    path("pengelola/catatan/", records.portal_record_list, name="portal_record_list"),
    path("pengelola/catatan.csv", records.portal_record_csv, name="portal_record_csv"),
    path(
        "pengelola/catatan.xlsx",
        records.portal_record_xlsx,
        name="portal_record_xlsx",
    ),
]
