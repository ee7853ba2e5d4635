from odoo import api, models

from ..lib import acts, bulk


class GovSign(models.AbstractModel):
    """Many documents signed at once, each of them an act of its own (A7)."""

    _inherit = "gov.sign"

    @api.model
    def _batch(self, company, items, unlocked_key):
        """Sign many prepared documents with the key of the person who asks.

        The key is opened once; each document has its own signature, its own timestamp
        and its own strict check. What goes wrong with one stops no other.

        :param company: administration the acts belong to
        :param items: iterable of dicts, read as it goes: ``mark`` (given back), ``pdf``
            (bytes), ``field_name``, and what ``_sign`` takes: ``appearance``,
            ``reason``, ``name``, ``location``, ``policy``
        :param unlocked_key: what ``gov.key._unlock`` returned
        :return: generator of :class:`~odoo.addons.gov_trust.lib.bulk.Result`, one for
            each item, in order: ``mark``, ``pdf`` or None, ``level``, ``why``,
            ``pending``
        :raise SealUnavailable: this database may not seal, or the key has ended
        """
        self._check_may_seal()
        self._check_in_use(unlocked_key)
        self._check_certificate(company, unlocked_key, acts.SIGNATURE)
        # Whoever signs may not read the list of authorities; they are asked for him.
        stamp = self.env["gov.tsa"].sudo()._stamper(company)
        jobs = (
            bulk.Job(
                mark=item["mark"],
                pdf=item["pdf"],
                field=item["field_name"],
                appearance=item.get("appearance"),
                reason=item.get("reason"),
                name=item.get("name"),
                location=item.get("location"),
                policy=item.get("policy"),
            )
            for item in items
        )
        return self._results(jobs, unlocked_key, stamp, self._store(company))

    @api.model
    def _results(self, jobs, key, stamp, store):
        for result in bulk.sign_many(jobs, key, stamp, store):
            if result.ok:
                # The key may be revoked while the batch runs: nothing more is kept.
                self._check_in_use(key)
            yield result
