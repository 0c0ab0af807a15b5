from tests.project.rights.institutions import INSTITUTIONS
from tests.project.rights.people import RUNNERS
from tests.project.rows import of_app, row

ROWS = of_app(
    "accounts",
    *INSTITUTIONS,
    # The log
    *(
        each
        for name in ("record_list", "record_csv", "record_xlsx")
        for each in (
            row(name, RUNNERS, "government.slug"),
            row(name, RUNNERS, "government.slug", query="jenis=juri&cari=judul"),
            row(f"portal_{name}", "system_admin"),
        )
    ),
)
