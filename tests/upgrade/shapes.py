"""What a release knows of its tables, and what of it is no longer so after later migrations."""

from collections.abc import Mapping

import psycopg

KINDS: Mapping[str, str] = {
    "table": """select c.relname, '' from pg_class c where {ours} and c.relkind in ('r', 'v')""",
    "column": """select c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull and not a.atthasdef and a.attidentity = '' then ' not null' else '' end
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where {ours} and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped""",
    "function": """select p.proname, pg_get_function_identity_arguments(p.oid) from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and p.proname ~ '^(gandeng|[a-z_]+)_' and not exists (
            select from pg_depend d where d.objid = p.oid and d.deptype = 'e')""",
    "constraint": """select c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
        from pg_constraint k join pg_class c on c.oid = k.conrelid
        where {ours} and k.contype in ('c', 'u', 'x', 'f')""",
    "unique index": """select c.relname || '.' || i.relname, pg_get_indexdef(x.indexrelid)
        from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        where {ours} and x.indisunique and not x.indisprimary""",
    "trigger": """select c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid)
        from pg_trigger t join pg_class c on c.oid = t.tgrelid where {ours} and not t.tgisinternal""",
    "policy": """select c.relname || '.' || p.polname, p.polcmd::text || pg_get_expr(p.polqual, p.polrelid)
        || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        from pg_policy p join pg_class c on c.oid = p.polrelid where {ours}""",
    "right": """select c.relname || '.' || g.privilege_type, '' from pg_class c, aclexplode(c.relacl) g
        where {ours} and c.relkind in ('r', 'v') and g.grantee = 'gandeng_app'::regrole""",
}
_OURS = "c.relnamespace = 'public'::regnamespace"

type Shape = dict[str, dict[str, str]]
"""Kind of thing -> name -> what it is."""


def shape(con: psycopg.Connection) -> Shape:
    """Of a database, as it stands."""
    return {kind: dict(con.execute(query.format(ours=_OURS)).fetchall()) for kind, query in KINDS.items()}


def gone(before: Shape, after: Shape) -> set[str]:
    """What the release asks for and does not find, or cannot leave out."""
    found = set()
    for kind in ("table", "column", "function", "right"):
        for name, was in before[kind].items():
            if after[kind].get(name) != was:
                found.add(f"{kind} {name}")
    known = before["table"]
    new = {name: told for name, told in after["column"].items() if name not in before["column"]}
    return found | {
        f"new column {n}" for n, told in new.items() if told.endswith(" not null") and n.split(".")[0] in known
    }


def tighter(before: Shape, after: Shape) -> set[str]:
    """What may refuse rows of tables the release knows, and did not."""
    return {
        f"{kind} {name}"
        for kind in ("constraint", "unique index", "trigger", "policy")
        for name, told in after[kind].items()
        if name.split(".")[0] in before["table"] and before[kind].get(name) != told
    }
