from tests.project.rights.people import HTMX, NOBODY
from tests.project.rows import of_app, row

ROWS = of_app(
    "catalogue",
    row("entry_list", "*"),
    row("entry_list", "*", headers=HTMX, query="q=inovasi"),
    row("entry_detail", "*", "entry.slug"),
    row("entry_detail", NOBODY, "entry_coming.slug"),
)
