"""A process that reads letters as a person of the desk; told what on its standard input.

An order is a line of JSON: ``act`` (a method of :class:`Reader`), ``login``, ``su``,
``args``, ``repeat``. Each time has a transaction and a cache of its own. The answer is a
line of JSON: the milliseconds of one time, the figures that were found.
"""

import json
import sys
import time
from xml.etree import ElementTree

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

LIMIT = 80
VIEW = "mail_desk.registry_letter_view_list_desk"
RELATIONAL = ("many2one", "many2many", "one2many")


class Reader:
    """Reads the letters of one database."""

    def __init__(self, database: str) -> None:
        config.parse_config(["--log-level=error"], setup_logging=True)
        self.registry = Registry(database)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.users = {user.login: user.id for user in env["res.users"].search([])}
            self.columns = self._columns(env)

    @staticmethod
    def _columns(env) -> dict:
        """Return what the web client asks of each letter of the list."""
        letters = env["registry.letter"]
        arch = letters.get_view(env.ref(VIEW).id, "list")["arch"]
        names = {
            node.get("name") for node in ElementTree.fromstring(arch).iter("field")
        }
        return {
            name: {"fields": {"display_name": {}}}
            if letters._fields[name].type in RELATIONAL
            else {}
            for name in sorted(names)
        }

    def obey(self, order: dict) -> dict:
        """Do what is asked some times; return the time of one and what it found."""
        spent = 0.0
        for _time in range(order["repeat"]):
            with self.registry.cursor() as cr:
                context = {"lang": "en_US"}
                uid = self.users[order["login"]]
                env = api.Environment(cr, uid, context, su=order["su"])
                env.user.has_group("base.group_user")  # warm, as in a session
                start = time.perf_counter()
                figures = getattr(self, order["act"])(env, *order["args"])
                spent += time.perf_counter() - start
                cr.rollback()
        return {"ms": 1000 * spent / order["repeat"], "figures": figures}

    def _list(self, env, domain) -> list[int]:
        found = env["registry.letter"].web_search_read(
            [("desk_state", "!=", False), *domain],
            self.columns,
            limit=LIMIT,
            count_limit=10_001,
        )
        return [found["length"], len(found["records"])]

    def open_letters(self, env) -> list[int]:
        """The list as it opens: the open ones."""
        return self._list(
            env, [("desk_state", "in", ("to_dispatch", "assigned", "replied"))]
        )

    def basket(self, env, key) -> list[int]:
        """The list of a basket."""
        _model, domain = getattr(env["desk.basket"], f"_question_{key}")()
        return self._list(env, list(domain))

    def words(self, env, *words) -> list[list[int]]:
        """A search for each of some words, closed letters too."""
        return [self._list(env, [("words", "ilike", word)]) for word in words]

    def counts(self, env) -> list:
        """The figures of the home page."""
        return sorted(env["desk.basket"].search([])._counts().items())

    def board(self, env) -> list[int]:
        """The dispatch board, and the first letter on it."""
        told = env["desk.board"].load()
        env["desk.board"].open(told["letters"][0]["id"])
        return [told["count"], len(told["letters"])]


def main() -> None:
    """Obey until the standard input ends."""
    reader = Reader(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(reader.obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
