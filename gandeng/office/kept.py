"""Files outside the database that no row names any more: of acts that were undone, of rows that are gone."""

from django.db import connection

from gandeng.audit import kept_files
from gandeng.audit.sealing import unseal
from gandeng.office.sealed import TABLES, Table, Value


def sweep() -> int:
    """Remove them, as the owner, who sees every row. Gives how many. Raises OSError."""
    return kept_files.sweep(_named)


def _named(table: str, column: str, rows: list[str]) -> dict[str, str]:
    """The digest that each row keeps of a file outside; those that keep none are left out."""
    where, value = _PLACES[table, column]
    with connection.cursor() as cursor:
        cursor.execute("select row_security_active(%s)", [table])
        if cursor.fetchone() != (False,):
            raise RuntimeError(f"{table}: not every row is seen")
        names = [where.key, *where.columns]
        cursor.execute(f"select {', '.join(names)} from {where.name} where {where.key}::text = any(%s)", [rows])
        found = [dict(zip(names, cells, strict=True)) for cells in cursor]
    texts = {str(cells[where.key]): unseal(value.get(cells), value.place(cells)) for cells in found}
    return {row: kept_files.digest_of(text) for row, text in texts.items() if text.startswith(kept_files.MARK)}


def _places() -> dict[tuple[str, str], tuple[Table, Value]]:
    return {
        (table.name, value.column.removesuffix("_sealed")): (table, value)
        for table in TABLES
        for value in table.values
        if value.form == "bytes" and not table.needs
    }


_PLACES = _places()
