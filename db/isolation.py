"""Who may see which rows at the centre: row-level security that holds even where a check above it is missing.

A transaction of the centre that works for branches or offices runs as one of these roles, over the branches it names
(`Scope`). The owner of the tables, who migrates and looks across branches, is not bound. What each role may do stands
in `db.rights`; here it is brought into PostgreSQL and verified at every start, as the guards are.
"""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from db.reading import Reader
from db.rights import RIGHTS, DbRole, RowRule, row_rules, tables
from db.trouble import Trouble

__all__ = ["DbRole", "Scope", "ensure_isolation", "ensure_roles", "exposed"]

SET_IN_ROLES = 160_000  # from this version on a membership says whether it may be taken on
# Two starts at once (of two databases: roles belong to the whole cluster) may meet in one row of the catalogue.
MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN NOINHERIT; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
TAKE_ROLE = """
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{role}', '{how}') THEN GRANT {role} TO CURRENT_USER; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN NULL; END $$"""
MARKED = (
    "SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polname = 'owner' AND polrelid = 'site'::regclass"
)
OUR_ROLES = ", ".join(f"'{role}'" for role in DbRole)
HERE = "relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"
# All that decides who sees what, as PostgreSQL understood it: flags, rules, rights on tables and on columns.
AS_IT_IS = f"""
SELECT format('%s %s %s', relname, relrowsecurity, relforcerowsecurity)
    FROM pg_class WHERE {HERE} AND NOT relispartition
UNION ALL SELECT format('%s %s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
    FROM pg_policies WHERE schemaname = current_schema()
UNION ALL SELECT format('%s %s %s', relname, coalesce(rolname, 'PUBLIC'), privilege_type)
    FROM pg_class, aclexplode(relacl) LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE {HERE} AND coalesce(rolname, 'PUBLIC') IN ({OUR_ROLES}, 'PUBLIC')
UNION ALL SELECT format('%s.%s %s %s', relname, attname, coalesce(rolname, 'PUBLIC'), privilege_type)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
    LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE {HERE} AND coalesce(rolname, 'PUBLIC') IN ({OUR_ROLES}, 'PUBLIC')
ORDER BY 1"""
# What one of our roles, or everybody, may touch although no rule narrows it: views run as their owner.
UNGUARDED = f"""
SELECT DISTINCT relname FROM pg_class LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attacl IS NOT NULL,
    aclexplode(array_cat(relacl, attacl)) LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE {HERE} AND coalesce(rolname, 'PUBLIC') IN ({OUR_ROLES}, 'PUBLIC')
    AND NOT (relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity)
UNION SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'branch_id'
    WHERE {HERE} AND relkind IN ('r', 'p') AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity)
UNION SELECT rolname FROM pg_roles WHERE rolname IN ({OUR_ROLES}) AND (rolsuper OR rolbypassrls OR rolcanlogin)
UNION SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text IN ({OUR_ROLES})
ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Scope:
    """As whom a transaction of the centre runs, and over which branches."""

    role: DbRole
    branches: tuple[uuid.UUID, ...]

    def statements(self) -> tuple[str, ...]:
        """What makes it so, for the rest of the transaction only. Ids and roles are ours: nothing is quoted in."""
        listed = ",".join(str(uuid.UUID(str(branch))) for branch in self.branches)
        return (f"SELECT set_config('app.branches', '{{{listed}}}', true)", f"SET LOCAL ROLE {self.role.value}")


def ensure_roles(reader: Reader) -> None:
    """Make the roles that are missing and let this login take them on. Needs a writing transaction, and a short one:
    others who make them wait for its end.

    Raises Trouble P-2403 where this login may not make them and nobody else has.
    """
    how = "SET" if reader.driver.info.server_version >= SET_IN_ROLES else "MEMBER"
    ready = f"SELECT count(*) FROM pg_roles WHERE rolname IN ({OUR_ROLES}) AND pg_has_role(current_user, oid, '{how}')"
    if reader.run(ready).fetchone()[0] == len(DbRole):
        return
    (may,) = reader.run("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    if not may:
        raise Trouble("P-2403")
    for role in DbRole:
        reader.run(MAKE_ROLE.format(role=role.value))
        reader.run(TAKE_ROLE.format(role=role.value, how=how))
    if reader.run(ready).fetchone()[0] != len(DbRole):
        raise Trouble("P-2403")


def ensure_isolation(reader: Reader) -> None:
    """Bring rules and rights of every table into PostgreSQL where they are missing or were altered. Needs a writing
    transaction; nothing is locked where nothing has to be done.

    Raises Trouble P-2404 when afterwards something lies open nevertheless (a view, a table made by hand).
    """
    wanted = "\n;\n".join(_wanted())
    spec = hashlib.blake2b(wanted.encode(), digest_size=16).hexdigest()
    if _mark(reader) != f"{spec} {_as_it_is(reader)}":
        reader.run("\n;\n".join(_unmake(reader)) or "SELECT 1")
        reader.run(wanted)
        reader.run(f"COMMENT ON POLICY owner ON site IS '{spec} {_as_it_is(reader)}'")
    if open_ones := exposed(reader):
        raise Trouble("P-2404", names=", ".join(open_ones))


def exposed(reader: Reader) -> list[str]:
    """What lies open, read from PostgreSQL's own catalogue: tables of branches without forced rules, whatever our roles
    or everybody may touch unguarded, and roles that rules do not bind."""
    return [str(name) for (name,) in reader.run(UNGUARDED).fetchall()]


def _mark(reader: Reader) -> str | None:
    row = reader.run(MARKED).fetchone()
    return None if row is None else row[0]


def _as_it_is(reader: Reader) -> str:
    told = "\n".join(str(line) for (line,) in reader.run(AS_IT_IS).fetchall())
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _unmake(reader: Reader) -> Iterator[str]:
    """Nothing of what was there stays: one rule too many would open a table, since rules are joined by OR."""
    found = reader.run("SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema()").fetchall()
    for policy, table in found:
        yield f'DROP POLICY "{policy}" ON "{table}"'


def _wanted() -> Iterator[str]:
    everybody = ", ".join(["PUBLIC", *DbRole])
    for table in tables():
        yield f"REVOKE ALL ON {table} FROM {everybody}"
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
        yield from (_policy(table, rule) for rule in row_rules(table))
    for role, rights in RIGHTS.items():
        for table, grants in rights.items():
            for grant in grants:
                columns = "" if grant.columns is None else f" ({', '.join(grant.columns)})"
                yield f"GRANT {grant.privilege}{columns} ON {table} TO {role.value}"


def _policy(table: str, rule: RowRule) -> str:
    what = "FOR SELECT" if rule.check is None else "FOR ALL"
    check = "" if rule.check is None else f" WITH CHECK ({rule.check})"
    return f"CREATE POLICY {rule.name} ON {table} {what} TO {', '.join(rule.roles)} USING ({rule.using}){check}"
