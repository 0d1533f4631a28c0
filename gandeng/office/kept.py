"""Files outside the database that no row names any more: of acts that were undone, of rows that are gone."""

from django.db import connection

from gandeng.audit import kept_files
from gandeng.audit.sealing import unseal
from gandeng.office.sealed import TABLES, Table, Value


def sweep() -> int:
    """Remove them, as the owner, who sees every row. Gives how many. Raises OSError."""
    with connection.cursor() as cursor:

        def named(table: str, column: str, row: str) -> str:
            """The digest that the row keeps; empty where there is none."""
            if (place := _PLACES.get((table, column))) is None:
                raise ValueError(f"{table}.{column}")
            where, value = place
            cursor.execute("select row_security_active(%s)", [table])
            if cursor.fetchone() != (False,):
                raise RuntimeError(f"{table}: not every row is seen")
            cursor.execute(
                f"select {where.key}, {', '.join(where.columns)} from {where.name} where {where.key}::text = %s", [row]
            )
            found = cursor.fetchone()
            if found is None:
                return ""
            cells = dict(zip([where.key, *where.columns], found, strict=True))
            text = unseal(value.get(cells), value.place(cells))
            return text.removeprefix(kept_files.MARK).partition(":")[0] if text.startswith(kept_files.MARK) else ""

        return kept_files.sweep(named)


def _places() -> dict[tuple[str, str], tuple[Table, Value]]:
    return {
        (table.name, value.column.removesuffix("_sealed")): (table, value)
        for table in TABLES
        for value in table.values
        if value.form == "bytes" and not table.needs
    }


_PLACES = _places()
