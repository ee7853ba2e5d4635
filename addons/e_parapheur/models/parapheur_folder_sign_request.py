from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given
from odoo.addons.gov_trust.lib import acts

MOST = 1000


class ParapheurFolder(models.Model):
    """What is shown before a signature: documents and digests, in which capacity, by which act, with which certificate (A1, A7)."""

    _inherit = "parapheur.folder"

    @api.model
    def get_sign_request(self, items):
        """Return what these folders ask of who signs them, before anything is asked of him.

        :param list items: 1 to 1,000 ids, or dicts ``{"id", "base"}``; ``base``: digest of what was seen
        :return: ``{"request", "items": [item], "consent": {"id", "text", "sha256"},
            "delegation_consent" (the same, or False), "reauth": {"kind": "none|totp|passkey", "ready", "how",
            "options"}, "key": {"name", "level", "until", "refusal"}}``; an item has ``id``, ``reference``, ``title``,
            ``nature``, ``base``, ``documents`` [{"id", "name", "sha256", "pages"}], ``quality``, ``formula``,
            ``delegation`` ({"id", "reference", "name"} or False), ``level_min``, ``level_max`` and ``refusal``: why it
            cannot be signed now, or False
        :raise UserError: none, or more than 1,000
        """
        ids, bases = self._sign_listed(items), self._sign_bases(items)
        key = self._key_shown()
        rows, able = [], []
        for folder_id in ids:
            row, step = self._sign_row(folder_id, bases.get(folder_id), key)
            rows.append(row)
            if step:
                able.append((self.browse(folder_id), step, row["base"]))
        delegated = any(row.get("delegation") for row in rows)
        return {
            "items": rows,
            "consent": self.get_consent(),
            "delegation_consent": delegated and self.get_delegation_consent(),
            "key": key,
            **self._reauth_request("sign", able),
        }

    @api.model
    def _sign_listed(self, items):
        """Ids of the folders of a list as it was given, each once."""
        items = list(items) if isinstance(items, list | tuple) else []
        ids = given.record_ids(
            [
                one.get("id") if isinstance(one, dict) else one
                for one in items[: MOST + 1]
            ]
        )
        if not 0 < len(items) <= MOST:
            raise UserError(
                self.env._(
                    "From 1 to %(limit)s folders are signed with one PIN: %(count)s were "
                    "given.",
                    limit=f"{MOST:,}",
                    count=len(items),
                )
            )
        return ids

    @api.model
    def _sign_bases(self, items):
        """Digests of what was seen, by folder, as far as they were given; what is no digest is an older version."""
        bases = {}
        for one in items:
            if isinstance(one, dict) and one.get("base") not in (None, False, ""):
                base = one["base"]
                bases[given.record_id(one.get("id"))] = (
                    base if isinstance(base, str) else "-"
                )
        return bases

    @api.model
    def _sign_row(self, folder_id, base, key):
        """One folder of a list, and the step at which it is signed; without step when it is not."""
        folder = self.browse(folder_id)
        row = {"id": folder_id, "refusal": False}
        try:
            folder._check_reachable()
            step = folder._check_signable(base)
            delegation = folder._power(step)
            folder._check_provable()
            if key["level"]:
                folder._check_worth(step, key["level"])
        except (UserError, AccessError) as refusal:
            row["refusal"] = str(refusal.args[0])
            readable = folder.exists() and folder.has_access("read")
            return row | (folder._sign_titles(None, None) if readable else {}), None
        least, most = folder._level_bounds(step)
        # The act is named to who signs by it.
        act_sudo = delegation.sudo()
        return row | folder._sign_titles(base, step) | {
            "quality": folder._signer_quality(delegation),
            "formula": folder._formula_printed(delegation),
            "delegation": act_sudo
            and {
                "id": act_sudo.id,
                "reference": act_sudo.reference,
                "name": act_sudo.grantor_id.name,
            }
            or False,
            "level_min": least or False,
            "level_max": most or False,
        }, step

    def _sign_titles(self, base, step):
        """What names this folder and its documents, as they were seen, in a list."""
        # Documents of the folder; its reader reads them.
        folder_sudo = self.sudo()
        pieces_sudo, seen = (
            folder_sudo.piece_ids,
            folder_sudo._seen_versions(base, step),
        )
        return {
            "reference": self.reference,
            "title": self.title or "",
            "nature": self.nature_id.name,
            "base": base or self._circuit_base(),
            "documents": [
                {
                    "id": piece.document_id.id,
                    "name": piece.document_id.name,
                    "sha256": seen[piece.id].sha256,
                    "pages": seen[piece.id].pages,
                }
                for piece in pieces_sudo
            ],
        }

    def _check_reachable(self):
        """Raise unless the user finds this folder, and it is in circuit."""
        self._check_may_come()
        if not self.exists() or not self.has_access("read"):
            raise AccessError(
                self.env._("This folder is not among yours. Reload the list.")
            )
        self._check_in_circuit()

    @api.model
    def _key_shown(self):
        """The certificate of the user's key as it is now: name, level, end, or why it signs nothing."""
        key = self.env["gov.key"]._personal(self.env.user)
        shown = {"name": "", "level": False, "until": False, "refusal": False}
        if not key:
            return shown | {"refusal": self._no_key()}
        loaded = key._shown()
        try:
            path = self.env["gov.sign"]._check_certificate(
                self.env.company, loaded, acts.SIGNATURE
            )
        except UserError as refusal:
            return shown | {"name": key.holder_name, "refusal": str(refusal.args[0])}
        newest = key.certificate_ids.sorted("id")[-1:]
        return shown | {
            "name": key.holder_name,
            "level": path.level,
            "until": newest.not_after and newest.not_after.isoformat(),
        }
