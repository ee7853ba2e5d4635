from odoo import fields, models

from ..fields import SoftMany2one


class RegistryEntryStatus(models.Model):
    """What became of a line since: cancelled, rectified. Projection of the journal.

    A row exists only when something happened, so that registering writes none. It is
    rebuilt from the events at any time; the events are the proof.
    """

    _name = "registry.entry.status"
    _description = "Present state of a register line"
    _log_access = False

    entry_id = SoftMany2one("registry.entry", required=True, readonly=True)
    company_id = SoftMany2one(
        "res.company", string="Administration", required=True, readonly=True
    )
    state = fields.Selection(
        [("rectified", "Rectified"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
    )
    event_uid = fields.Char(required=True, readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)
    actor_id = fields.Integer(readonly=True, aggregator=None)
    actor_name = fields.Char(string="Done by", readonly=True)
    reason = fields.Text(readonly=True)
    authority = fields.Char(readonly=True)
    authority_date = fields.Date(readonly=True)

    _entry_uniq = models.UniqueIndex("(entry_id)")

    def _project(self, entry, *, state, event_uid, reason, authority, authority_date):
        """Write the present state of ``entry``; a cancellation is final."""
        # Nobody has rights on projections: the gate of the letter was passed before.
        status_sudo = self.sudo()
        vals = {
            "state": state,
            "event_uid": event_uid,
            "changed_at": fields.Datetime.now(),
            "actor_id": self.env.uid,
            "actor_name": self.env.user.name,
            "reason": reason,
            "authority": authority,
            "authority_date": authority_date,
        }
        known = status_sudo.search([("entry_id", "=", entry.id)], limit=1)
        if known:
            known.write(vals)
            return known
        return status_sudo.create(
            {"entry_id": entry.id, "company_id": entry.company_id.id, **vals}
        )
