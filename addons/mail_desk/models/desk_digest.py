import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules import module as odoo_module

_logger = logging.getLogger(__name__)

#: baskets a head is told of, in this order
TOLD = ("to_dispatch", "late", "to_validate", "opinions", "mine")
HEADS = ("head", "deputy")
#: first day of the week: a weekly digest leaves then
MONDAY = 0


class DeskDigest(models.Model):
    """The mail that tells a head, each day or each Monday, what waits in his units.

    One row a person and administration says when the last one left: nobody is told twice.
    A digest links to the signed-in screens and does nothing by itself.
    """

    _name = "desk.digest"
    _description = "Digest of the desk"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sent_on = fields.Date(readonly=True)
    error = fields.Char(readonly=True)

    _user_company_uniq = models.UniqueIndex("(user_id, company_id)")

    @api.model
    def _process_digests(self, limit=200):
        """Cron: send the digests of today, one a transaction.

        :param int limit: at most so many in one run
        """
        waiting = self._wanted(fields.Date.context_today(self))
        remaining = len(waiting)
        for user, company in waiting[:limit]:
            self._send_to(user, company)
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    @api.model
    def _wanted(self, today):
        """Return the (head, administration) whose digest is to be sent today."""
        wishes = ["daily", "weekly"] if today.weekday() == MONDAY else ["daily"]
        domain = (
            Domain("role", "in", HEADS)
            & Domain("inherited", "=", False)
            # Who stands in has his own baskets for it, between the dates alone.
            & Domain("substitute_id", "=", False)
            & Domain("user_id.desk_digest", "in", wishes)
        )
        pairs = self.env["gov.access"]._read_group(domain, ["user_id", "company_id"])
        done = {
            (row.user_id, row.company_id)
            for row in self.search([("sent_on", "=", today)])
        }
        agents = self.env.ref("mail_desk.group_mail_desk_agent")
        return [
            (user, company)
            for user, company in pairs
            if (user, company) not in done
            and agents in user.all_group_ids
            and user.email
        ]

    @api.model
    def _send_to(self, user, company):
        """Send one digest; a failure is written on its row, not raised."""
        lines = self._lines(user, company)
        error = self._send_mail(user, company, lines) if lines else None
        row = self.search(
            [("user_id", "=", user.id), ("company_id", "=", company.id)], limit=1
        ) or self.create({"user_id": user.id, "company_id": company.id})
        row.write(
            {"sent_on": fields.Date.context_today(self), "error": (error or "")[:300]}
        )

    @api.model
    def _lines(self, user, company):
        """Return [{name, count, url}] of what waits for this person, as he would count it."""
        own = self.env["desk.basket"].with_user(user)
        own = own.with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=company.ids
        )
        baskets = own.search([("key", "in", TOLD)])
        counts = baskets._counts()
        base = company.get_base_url()
        return [
            {
                "name": basket.name,
                "count": counts[basket.key],
                "url": f"{base}/odoo/desk",
                "late": basket.key == "late",
            }
            for basket in baskets.sorted(lambda one: TOLD.index(one.key))
            if counts.get(basket.key)
        ]

    @api.model
    def _send_mail(self, user, company, lines):
        """Send the message; return what went wrong in one line, or None."""
        env = self.with_context(lang=user.lang).env
        issuer = company.gov_name or company.name
        mail = self.env["mail.mail"].create(
            {
                "subject": env._("%(issuer)s – your letters today", issuer=issuer),
                "email_to": user.email_formatted,
                "email_from": company.email_formatted or user.email_formatted,
                "auto_delete": True,
                "body_html": env["ir.qweb"]._render(
                    "mail_desk.digest_mail",
                    {
                        "user": user,
                        "issuer": issuer,
                        "lines": lines,
                        "url": f"{company.get_base_url()}/odoo/desk",
                        "dir": env["res.lang"]
                        ._get_data(code=user.lang or "en_US")
                        .direction,
                    },
                    minimal_qcontext=True,
                ),
            }
        )
        try:
            mail.send(auto_commit=False, raise_exception=False)
        except Exception as error:
            _logger.warning("Digest of user %s failed", user.id, exc_info=True)
            return str(error).strip().split("\n")[0] or type(error).__name__
        if mail.exists() and mail.state == "exception":
            return mail.failure_reason or "–"
        return None
