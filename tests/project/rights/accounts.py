from tests.project.rows import Row, of_app

ROWS: list[Row] = of_app("accounts")
