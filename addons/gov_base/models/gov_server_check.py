import time

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.i18n import format_list

#: What was found is believed so long (seconds); what is missing is looked at more often.
BELIEVED, MISSING_BELIEVED = 300, 15
_found = {}

OPERATORS = ("base.group_system", "gov_trust.group_gov_trust_operator")
READERS = (*OPERATORS, "gov_base.group_gov_base_admin")


class GovServerCheck(models.AbstractModel):
    """What this server needs for the mail office, what it has, and what to do about it (O8).

    A requirement is a dict: ``key``, ``name``, ``state`` (``ok``, ``missing``: without it
    something does not work; ``advice``: before real letters; ``optional``), ``sentence`` and
    ``command`` (for a terminal of the server, or empty). Addons add theirs to
    ``_requirements``.
    """

    _name = "gov.server.check"
    _description = "Server check"

    @api.model
    def report(self):
        """What this server needs, for the page “Server check”.

        :return: dict with ``sentence`` (how it stands), ``may_act`` and ``requirements``
            (list of dicts ``key``, ``name``, ``state``, ``sentence``, ``command``). Who may
            not act gets names and states alone: paths and commands are the operator's.
        :raise AccessError: the user is neither system administrator, operator nor
            functional administrator
        """
        user = self.env.user
        if not any(user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._(
                    "The server check is for the people who run the server and for the "
                    "functional administrators."
                )
            )
        may_act = any(user.has_group(group) for group in OPERATORS)
        # The operator has no right on parameters and keys; only states leave this method.
        check_sudo = self.sudo()
        requirements = check_sudo._requirements()
        missing = [one for one in requirements if one["state"] == "missing"]
        self._remember(missing)
        if not may_act:
            hidden = {"sentence": "", "command": ""}
            requirements = [one | hidden for one in requirements]
        return {
            "sentence": self._summary(missing, may_act),
            "may_act": may_act,
            "is_complete": not missing,
            "requirements": requirements,
        }

    @api.model
    def _summary(self, missing, may_act):
        if not missing:
            return self.env._("This server has everything the mail office needs.")
        names = format_list(self.env, [one["name"] for one in missing])
        if may_act:
            return self.env._(
                "Something is missing on this server: %(names)s. Do what is written below; "
                "what waits for it goes on by itself afterwards.",
                names=names,
            )
        return self.env._(
            "Something is missing on this server: %(names)s. Only whoever runs the server "
            "can put it right: show this page.",
            names=names,
        )

    @api.model
    def _requirements(self):
        """Every requirement with its state, looked at now; as superuser.

        :rtype: list[dict]
        """
        return [
            *self._machine_requirements(),
            *self._database_requirements(),
            *self._optional_requirements(),
        ]

    @api.model
    def _requirement(self, key, name, state, sentence="", command=""):
        return {
            "key": key,
            "name": name,
            "state": state,
            "sentence": sentence,
            "command": command,
        }

    # ------------------------------------------------------------------
    # For everybody who works here
    # ------------------------------------------------------------------
    @api.model
    def _missing(self):
        """Names of what is missing, believed for a moment: each page load asks.

        :rtype: list[str]
        """
        until, names = _found.get((self.env.cr.dbname, self.env.lang), (0, []))
        if until < time.monotonic():
            # Keys and parameters have no reader here; only names are used.
            check_sudo = self.sudo()
            names = self._remember(
                one for one in check_sudo._requirements() if one["state"] == "missing"
            )
        return names

    @api.model
    def _remember(self, missing):
        names = [one["name"] for one in missing]
        believed = MISSING_BELIEVED if names else BELIEVED
        place = (self.env.cr.dbname, self.env.lang)
        _found[place] = (time.monotonic() + believed, names)
        return names

    @api.model
    def _notice(self):
        """What the web client says at its start, or None when nothing is missing.

        :return: dict with ``message`` and ``may_act``; None for people without a role here
        """
        user = self.env.user
        may_act = any(user.has_group(group) for group in READERS)
        if not may_act and not user.has_group("gov_base.group_gov_base_agent"):
            return None
        names = self._missing()
        if not names:
            return None
        if may_act:
            message = self.env._(
                "Missing on this server: %(names)s.", names=format_list(self.env, names)
            )
        else:
            message = self.env._(
                "This server is not completely set up: numbers and receipts may have to wait. "
                "Tell your administrator, who sees why."
            )
        return {"message": message, "may_act": may_act}

    @api.model
    def _open_if_missing(self):
        """After an installation: the page opens by itself when something is missing."""
        _found.clear()
        if self._missing():
            self.env.ref("gov_base.gov_server_check_todo").state = "open"
