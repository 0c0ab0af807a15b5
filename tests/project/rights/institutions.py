"""Institutions and governments: the secretariat's, and the system admin's."""

from tests.project.rights.people import HTMX, RUNNERS
from tests.project.rows import Row, post, row

SLUG = "government.slug"
TODAY = {"reason": "Peraturan baru"}

INSTITUTIONS: list[Row] = [
    row("institution_list", RUNNERS, SLUG),
    row("institution_list", RUNNERS, SLUG, query="keadaan=semua&cari=dinas"),
    row("institution_list", RUNNERS, SLUG, query="keadaan=semua&di=ATAS"),
    row("institution_list", RUNNERS, SLUG, query="keadaan=berakhir", headers=HTMX),
    row("institution_create", RUNNERS, SLUG),
    post("institution_create", RUNNERS, SLUG, answer=422),
    post(
        "institution_create",
        RUNNERS,
        SLUG,
        data={"kind": "opd", "code": "X-1", "name": "Dinas X", "short_name": "X"},
    ),
    *(row("institution_export", RUNNERS, SLUG, ending) for ending in ("csv", "xlsx")),
    row("institution_export", RUNNERS, SLUG, "csv", query="keadaan=semua"),
    *(row("institution_template", RUNNERS, SLUG, ending) for ending in ("csv", "xlsx")),
    row("institution_import", RUNNERS, SLUG),
    post("institution_import", RUNNERS, SLUG, answer=422),
    *(
        row("import_detail", RUNNERS, SLUG, f"{name}.key")
        for name in ("faulty_import", "sound_import")
    ),
    row("import_detail", RUNNERS, SLUG, "sound_import.key", query="hasil=baru"),
    *(
        post("import_detail", RUNNERS, SLUG, f"{name}.key")
        for name in ("faulty_import", "sound_import")
    ),
    *(
        row("import_faults", RUNNERS, SLUG, "faulty_import.key", ending)
        for ending in ("csv", "xlsx")
    ),
    row("import_faults", "", SLUG, "sound_import.key", "csv"),
    row("institution_merge", RUNNERS, SLUG),
    row("institution_merge", RUNNERS, SLUG, query="asal=SENDIRI%0ALAIN"),
    row("institution_merge", RUNNERS, SLUG, query="asal=TIADA", answer=422),
    post("institution_merge", RUNNERS, SLUG, answer=200),
    post("institution_merge", RUNNERS, SLUG, data={"asal": "LAIN"}, answer=422),
    *(
        row("institution_detail", RUNNERS, SLUG, f"{name}.code")
        for name in ("own", "above", "predecessor", "ended")
    ),
    row("institution_edit", RUNNERS, SLUG, "own.code"),
    post("institution_edit", RUNNERS, SLUG, "own.code", answer=422),
    post("institution_edit", RUNNERS, SLUG, "own.code", data={"kind": "opd"}),
    row("institution_rename", RUNNERS, SLUG, "own.code"),
    post("institution_rename", RUNNERS, SLUG, "own.code", answer=422),
    post(
        "institution_rename",
        RUNNERS,
        SLUG,
        "own.code",
        data={"name": "Baru", "short_name": "B", "is_correction": "on", **TODAY},
    ),
    row("institution_end", RUNNERS, SLUG, "above.code"),
    row("institution_end", "", SLUG, "ended.code"),
    post("institution_end", RUNNERS, SLUG, "above.code", answer=422),
    row("institution_reactivate", RUNNERS, SLUG, "ended.code"),
    row("institution_reactivate", "", SLUG, "own.code"),
    post("institution_reactivate", RUNNERS, SLUG, "ended.code", data=TODAY),
    post("institution_reactivate", RUNNERS, SLUG, "predecessor.code", data=TODAY),
    # The government itself
    row("government_edit", RUNNERS, SLUG),
    post("government_edit", RUNNERS, SLUG, answer=422),
    row("emblem_edit", RUNNERS, SLUG),
    post("emblem_edit", RUNNERS, SLUG, answer=422),
    post("emblem_edit", RUNNERS, SLUG, data={"hapus": "1"}),
    row("signatory_create", RUNNERS, SLUG),
    post("signatory_create", RUNNERS, SLUG, answer=422),
    post("signatory_create", RUNNERS, SLUG, data={"name": "A", "position": "Sekda"}),
    row("signatory_edit", RUNNERS, SLUG, "signatory.key"),
    post("signatory_edit", RUNNERS, SLUG, "signatory.key", answer=422),
    row("signatory_end", RUNNERS, SLUG, "signatory.key"),
    post("signatory_end", RUNNERS, SLUG, "signatory.key", answer=422),
    row("government_list", "system_admin"),
    row("government_create", "system_admin"),
    post("government_create", "system_admin", answer=422),
    row("government_parent_edit", "system_admin", SLUG),
    post("government_parent_edit", "system_admin", SLUG),
]
