from odoo.api import Environment
from odoo.tools import SQL
from odoo.tools.sql import column_exists

SUPERUSER_ID = 1
#: columns that natures had before their settings became versions
SETTINGS = (
    *("circuit_id", "form_id", "confidentiality", "retention_years"),
    *("not_eligible", "not_eligible_reason"),
)


def migrate(cr, version):
    """Make the settings of each nature its first version; folders in circuit keep that one."""
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    if not column_exists(cr, "parapheur_nature", "circuit_id"):
        # Installed when natures had versions already.
        return
    rows = env.execute_query(
        SQL(
            "SELECT id, %s FROM parapheur_nature WHERE version_id IS NULL AND circuit_id IS NOT NULL",
            SQL(", ").join(map(SQL.identifier, SETTINGS)),
        )
    )
    natures = env["parapheur.nature"].with_context(active_test=False)
    for nature_id, *values in rows:
        nature = natures.browse(nature_id)
        settings = {
            name: value
            for name, value in zip(SETTINGS, values, strict=True)
            if value is not None
        }
        first = nature.version_ids.create({"nature_id": nature_id, **settings})
        first._publish()
    env.flush_all()
    env.execute_query(
        SQL(
            """UPDATE parapheur_folder folder
                  SET nature_version_id = nature.version_id,
                      retention_until = COALESCE(
                          folder.retention_until,
                          CASE WHEN folder.state IN ('done', 'refused', 'cancelled')
                               THEN (folder.ended_at + make_interval(years => version.retention_years))::date
                          END)
                 FROM parapheur_nature nature
                 JOIN parapheur_nature_version version ON version.id = nature.version_id
                WHERE folder.nature_id = nature.id AND folder.submitted_at IS NOT NULL
                  AND folder.nature_version_id IS NULL
            RETURNING folder.id"""
        )
    )
    env.invalidate_all()
