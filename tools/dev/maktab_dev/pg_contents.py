"""What every private cluster holds: Odoo's role, and the template of its databases."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .common import Stamp, digest, write_atomic

if TYPE_CHECKING:
    from .postgres import Cluster

ROLE = "maktab"
TEMPLATE = "maktab_template"
ROLE_SQL = "{verb} ROLE maktab LOGIN CREATEDB PASSWORD '{secret}'"
# Odoo's role is no superuser: it could not declare unaccent immutable (for indexes).
TEMPLATE_SQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "ALTER FUNCTION unaccent(text) IMMUTABLE",
    "ALTER FUNCTION unaccent(text) OWNER TO maktab",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
)


def ensure(cluster: Cluster) -> None:
    """Make what is missing in a running cluster; done once for each cluster."""
    stamp = Stamp(cluster.folder, "contents", digest(ROLE_SQL, *TEMPLATE_SQL))
    if stamp.fresh():
        return
    secret = cluster.settings.state / "keys" / "postgresql.password"
    if not secret.is_file():
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.parent.chmod(0o700)
        write_atomic(secret, secrets.token_urlsafe(24), 0o600)
    known = cluster.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")
    verb = "ALTER" if known else "CREATE"
    cluster.sql(ROLE_SQL.format(verb=verb, secret=secret.read_text().strip()))
    if not cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
        cluster.sql(
            f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'"
            " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' IS_TEMPLATE true"
        )
    for statement in TEMPLATE_SQL:
        cluster.sql(statement, TEMPLATE)
    stamp.write()
