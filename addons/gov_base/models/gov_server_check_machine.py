import shlex

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.gov_trust.lib import master

from ..lib import fonts, machine

PIP = "pip install -r requirements.txt"
PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class GovServerCheck(models.AbstractModel):
    """What the machine brings: the key, fonts, programs, libraries."""

    _inherit = "gov.server.check"

    @api.model
    def _machine_requirements(self):
        return [
            self._check_key(),
            self._check_identity(),
            self._check_fonts(),
            self._check_typesetting(),
            self._check_pdf(),
            self._check_rtl(),
            self._check_zones(),
        ]

    @api.model
    def _check_key(self):
        path = master.named()
        state, sentence, command = "missing", "", ""
        try:
            opened = master.default()
        except master.MasterKeyMissing:
            sentence, command = self._key_to_make(path)
        except master.MasterKeyExposed:
            sentence = self.env._(
                "Other accounts of the machine can read %(path)s: close it to them.",
                path=path,
            )
            command = f"chmod 600 {shlex.quote(path)}"
        except master.MasterKeyError:
            sentence = self.env._(
                "%(path)s is not a master key. Put the right file back from its backup.",
                path=path,
            )
        else:
            if self._other_master_keys(opened):
                sentence = self.env._(
                    "The keys of this database were encrypted under another master key than "
                    "%(path)s. Put back the file that belongs to this database.",
                    path=path,
                )
            elif machine.folder_is_closed(path):
                sentence = self.env._(
                    "Odoo cannot write beside %(path)s, where it keeps the card of each "
                    "database: give the folder to its account.",
                    path=path,
                )
                folder = shlex.quote(path.rpartition("/")[0])
                command = f"chown {machine.account()} {folder} && chmod 700 {folder}"
            else:
                state = "ok"
                sentence = self.env._(
                    "%(path)s: keep a copy of it and of its folder, apart from the backups of "
                    "the database.",
                    path=path,
                )
        return self._requirement(
            "master_key", self.env._("Master key"), state, sentence, command
        )

    @api.model
    def _key_to_make(self, path):
        if path:
            sentence = self.env._(
                "The file %(path)s is not there, or Odoo cannot read it. If sealed letters "
                "exist, put it back from its backup; on a new server make it, with mode 600 "
                "and owned by the account of Odoo. Nothing has to be started again.",
                path=path,
            )
        else:
            sentence = self.env._(
                "Make a file with 32 random bytes in hexadecimal, mode 600, owned by the "
                "account of Odoo; name it in odoo.conf, in a section [gov_trust], as "
                "master_key_file = %(path)s, and start Odoo again.",
                path=machine.DEFAULT_KEY,
            )
        return sentence, machine.key_command(path or machine.DEFAULT_KEY)

    @api.model
    def _other_master_keys(self, opened):
        ring = [member.fingerprint for member in opened.ring]
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM gov_key_secret WHERE master_fingerprint <> ALL(%s)"
                    " LIMIT 1",
                    ring,
                )
            )
        )

    @api.model
    def _check_identity(self):
        identity = self.env["gov.trust.identity"]
        state = identity._state()
        # Without the key nothing can be said, and the line above says what to do.
        good = state in ("ok", "test_copy", "no_master_key")
        sentence = "" if state == "no_master_key" else identity._explain(state)
        return self._requirement(
            "identity",
            self.env._("Identity of the database"),
            "ok" if good else "missing",
            sentence,
        )

    @api.model
    def _check_fonts(self):
        absent = machine.missing_fonts()
        sentence = self.env._(
            "Documents are set in the Noto fonts; absent: %(names)s.",
            names=", ".join(absent),
        )
        return self._requirement(
            "fonts",
            self.env._("Fonts"),
            "missing" if absent else "ok",
            sentence if absent else "",
            f"apt-get install {fonts.DEBIAN_PACKAGE} fontconfig" if absent else "",
        )

    @api.model
    def _check_typesetting(self):
        error = machine.typesetting_error()
        sentence = self.env._(
            "WeasyPrint, which sets receipts and letters, does not start: %(error)s. It needs "
            "the library Pango; start Odoo again afterwards.",
            error=error,
        )
        return self._requirement(
            "typesetting",
            self.env._("Typesetting"),
            "missing" if error else "ok",
            sentence if error else "",
            f"{PANGO} && {PIP}" if error else "",
        )

    @api.model
    def _check_pdf(self):
        error = machine.pdf_error()
        sentence = self.env._(
            "The libraries that read PDF files do not start: %(error)s. Install them in "
            "Odoo's own environment and start Odoo again.",
            error=error,
        )
        return self._requirement(
            "pdf",
            self.env._("PDF files"),
            "missing" if error else "ok",
            sentence if error else "",
            PIP if error else "",
        )

    @api.model
    def _check_rtl(self):
        there = machine.has_program("rtlcss")
        sentence = self.env._(
            "Without the program rtlcss the back office in Arabic is written from left to "
            "right. It must be in the PATH of the account that runs Odoo."
        )
        return self._requirement(
            "rtl",
            self.env._("Arabic pages"),
            "ok" if there else "missing",
            "" if there else sentence,
            "" if there else "npm install --global rtlcss",
        )

    @api.model
    def _check_zones(self):
        version = machine.zone_data()
        if version:
            sentence = self.env._(
                "Version %(version)s. Keep pytz and tzdata current: governments change their "
                "clocks on short notice.",
                version=version,
            )
        else:
            sentence = self.env._("The time zone data of Python cannot be used.")
        return self._requirement(
            "zones",
            self.env._("Time zones"),
            "ok" if version else "missing",
            sentence,
            "" if version else "pip install --upgrade pytz tzdata",
        )
