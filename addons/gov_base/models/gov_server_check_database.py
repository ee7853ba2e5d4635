import shlex

from odoo import api, models
from odoo.tools import SQL, config

from ..lib import machine

EXTENSIONS = ("pg_trgm", "unaccent")


class GovServerCheck(models.AbstractModel):
    """What the database and Odoo's configuration say, and what is optional."""

    _inherit = "gov.server.check"

    @api.model
    def _database_requirements(self):
        return [
            self._check_extensions(),
            self._check_crons(),
            self._check_address(),
            self._check_database_list(),
            self._check_workers(),
            self._check_mail(),
            self._check_sign_up(),
        ]

    @api.model
    def _check_extensions(self):
        rows = self.env.execute_query(
            SQL("SELECT extname FROM pg_extension WHERE extname IN %s", EXTENSIONS)
        )
        absent = sorted(set(EXTENSIONS) - {row[0] for row in rows})
        sentence = self.env._(
            "Searching names is slower and misses accents without the extensions "
            "%(names)s of PostgreSQL.",
            names=", ".join(absent),
        )
        create = " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in absent)
        database = shlex.quote(self.env.cr.dbname)
        return self._requirement(
            "extensions",
            self.env._("Search in names"),
            "advice" if absent else "ok",
            sentence if absent else "",
            f'psql -d {database} -c "{create}"' if absent else "",
        )

    @api.model
    def _check_crons(self):
        # Tests run scheduled actions themselves.
        there = bool(config["max_cron_threads"] or config["test_enable"])
        sentence = self.env._(
            "max_cron_threads is 0 in odoo.conf: receipts, mails and checks of files are made "
            "by scheduled actions. Set it to 1 or more and start Odoo again."
        )
        return self._requirement(
            "crons",
            self.env._("Scheduled actions"),
            "ok" if there else "missing",
            "" if there else sentence,
        )

    @api.model
    def _check_address(self):
        parameters = self.env["ir.config_parameter"]
        address = parameters.get_param("web.base.url") or ""
        frozen = parameters.get_param("web.base.url.freeze")
        state, sentence = "ok", address
        if not frozen:
            state = "advice"
            sentence = self.env._(
                "The address %(address)s is printed in the QR code of every receipt and may "
                "change at the next login of an administrator. In System Parameters set "
                "web.base.url to your address and web.base.url.freeze to True.",
                address=address,
            )
        elif not address.startswith("https://"):
            state = "advice"
            sentence = self.env._(
                "The address %(address)s is not encrypted. Put nginx with a certificate in "
                "front, and set web.base.url to https://….",
                address=address,
            )
        return self._requirement(
            "address", self.env._("Public address"), state, sentence
        )

    @api.model
    def _check_database_list(self):
        closed = not config["list_db"] and (config["dbfilter"] or config["db_name"])
        sentence = self.env._(
            "Anybody can list, or try to make and drop, databases at /web/database. In "
            "odoo.conf set list_db = False and dbfilter = ^%(database)s$.",
            database=self.env.cr.dbname,
        )
        return self._requirement(
            "database_list",
            self.env._("List of databases"),
            "ok" if closed else "advice",
            "" if closed else sentence,
        )

    @api.model
    def _check_workers(self):
        there = bool(config["workers"])
        sentence = self.env._(
            "Odoo runs in one process. For more than a few people set workers in odoo.conf "
            "(two for each core plus one), behind nginx."
        )
        return self._requirement(
            "workers",
            self.env._("Workers"),
            "ok" if there else "advice",
            "" if there else sentence,
        )

    @api.model
    def _check_mail(self):
        there = self._has_mail_server()
        sentence = self.env._(
            "No outgoing mail server: receipts and invitations are not sent. Add one in "
            "Settings ▸ Technical ▸ Outgoing Mail Servers."
        )
        return self._requirement(
            "mail",
            self.env._("Outgoing mail"),
            "ok" if there else "advice",
            "" if there else sentence,
        )

    @api.model
    def _has_mail_server(self):
        """Whether somebody configured outgoing mail, in the database or in odoo.conf."""
        servers = self.env["ir.mail_server"].search_count([], limit=1)
        return bool(servers) or config["smtp_server"] not in ("", "localhost")

    @api.model
    def _check_sign_up(self):
        scope = self.env["res.users"]._get_signup_invitation_scope()
        closed = scope == "b2b"
        sentence = self.env._(
            "Anybody can make an account. In Settings ▸ General Settings set Customer Account "
            "to “On invitation”; depositing needs no account."
        )
        return self._requirement(
            "sign_up",
            self.env._("Accounts"),
            "ok" if closed else "advice",
            "" if closed else sentence,
        )

    # ------------------------------------------------------------------
    # Optional
    # ------------------------------------------------------------------
    @api.model
    def _optional_requirements(self):
        return [
            self._check_antivirus(),
            self._optional_program(
                "ocr",
                self.env._("Text of scans"),
                self.env._(
                    "Nothing uses it in this version. A later one reads the text of scanned "
                    "letters with Tesseract, for the search."
                ),
                "apt-get install tesseract-ocr tesseract-ocr-ara tesseract-ocr-fra",
                "tesseract",
            ),
            self._optional_program(
                "office",
                self.env._("Office files"),
                self.env._(
                    "Templates of Word for the signature book become PDF with LibreOffice. "
                    "Without it, use reports and templates of blocks."
                ),
                "apt-get install libreoffice-writer",
                "soffice",
                "libreoffice",
            ),
        ]

    @api.model
    def _optional_program(self, key, name, sentence, command, *programs):
        there = machine.has_program(*programs)
        return self._requirement(
            key,
            name,
            "ok" if there else "optional",
            "" if there else sentence,
            "" if there else command,
        )

    @api.model
    def _check_antivirus(self):
        there = bool(self.env["gov.intake"]._parameter("clamd_address"))
        sentence = self.env._(
            "No antivirus: files are released without analysis, and every reader is told. "
            "Install clamd and give its address in Settings ▸ Mail office."
        )
        return self._requirement(
            "antivirus",
            self.env._("Antivirus"),
            "ok" if there else "optional",
            "" if there else sentence,
            "" if there else "apt-get install clamav-daemon",
        )
