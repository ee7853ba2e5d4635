import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.tsa import LIMIT
from ..lib import ca, tsa, tsp
from .common_anchors import make_people
from .common_keys import MasterKeyFile

DIGEST = hashlib.sha256(b"data").digest()
QUERY = {"Content-Type": tsa.QUERY_TYPE}


@tagged("standard", "alone", "post_install", "-at_install")
class TestOwnTsa(HttpCase):
    """The platform's own authority: off, then on, and never probant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(MasterKeyFile())
        make_people(cls)
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def switch(self, on, user=None, **values):
        settings = self.env["gov.tsa.settings"].with_user(user or self.operator)
        settings.create({"own_tsa": on, **values}).action_apply()

    def post(self, body, **headers):
        return self.url_open(
            "/trust/tsa", data=body, headers={**QUERY, **headers}, method="POST"
        )

    def openssl(self, *arguments):
        done = subprocess.run(
            ("openssl", "ts", *arguments),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_off(self):
        for answer in (self.post(tsp.request(DIGEST).der), self.url_open("/trust/tsa")):
            self.assertEqual(answer.status_code, 404)
        with self.assertRaisesRegex(UserError, "off"):
            self.env["gov.tsa"].with_user(self.officer).create(
                {"name": "Here", "kind": "own"}
            ).action_enable()
        # A parameter written by hand turns nothing on.
        parameters = self.env["ir.config_parameter"].sudo()
        for value in ("True", "1", self.env["gov.journal.event"].search([])[:1].uid):
            parameters.set_param("gov_trust.own_tsa", value)
            self.assertFalse(self.env["gov.tsa"]._own_is_on())

    def test_who_turns_it_on(self):
        for user in (self.officer, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                self.switch(True, user)
            with self.assertRaises(AccessError):
                self.env["gov.tsa"].with_user(user)._switch_own(True)
        self.switch(True)
        self.switch(True)
        self.switch(False)
        events = self.env["gov.journal.event"].search([("kind", "like", "tsa.own_%")])
        self.assertEqual(
            events.sorted("id").mapped("kind"), ["tsa.own_on", "tsa.own_off"]
        )
        self.assertEqual(self.post(tsp.request(DIGEST).der).status_code, 404)

    def test_openssl_verifies(self):
        self.switch(True)
        (self.folder / "root.pem").write_text(
            "".join(self.env["gov.certificate"]._roots())
        )
        (self.folder / "data").write_bytes(b"data")
        self.openssl("-query", "-data", "data", "-sha256", "-cert", "-out", "q")
        answer = self.post((self.folder / "q").read_bytes())
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], tsa.REPLY_TYPE)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        (self.folder / "r").write_bytes(answer.content)
        for asked in (("-queryfile", "q"), ("-data", "data")):
            told = self.openssl("-verify", "-in", "r", *asked, "-CAfile", "root.pem")
            self.assertIn("Verification: OK", told)
        told = self.openssl("-reply", "-in", "r", "-text")
        self.assertIn(tsp.NON_PROBANT, told)
        self.assertIn("Ordering: no", told)
        key = self.env["gov.key"]._find(self.env["res.company"], ca.TSA)
        self.assertEqual(len(key), 1)
        self.assertIn(tsp.NON_PROBANT, key.certificate_ids.subject)

    def test_refusals(self):
        self.switch(True)
        self.openssl("-query", "-digest", "ab" * 20, "-sha1", "-out", "q")
        for body in ((self.folder / "q").read_bytes(), b"junk", b""):
            answer = self.post(body)
            self.assertEqual(answer.status_code, 200)
            with self.assertRaises(tsp.TimestampBroken) as caught:
                tsp.read_response(answer.content, tsp.request(DIGEST))
            self.assertEqual(caught.exception.code, "refused")
        self.assertEqual(self.post(b"0" * 5000).status_code, 413)
        wrong = self.post(tsp.request(DIGEST).der, **{"Content-Type": "text/plain"})
        self.assertEqual(wrong.status_code, 415)
        told = self.url_open("/trust/tsa")
        self.assertEqual(told.status_code, 200)
        self.assertIn(tsp.NON_PROBANT, told.text)
        self.assertIn(tsa.QUERY_TYPE, told.text)

    def test_rate(self):
        self.switch(True)
        body = tsp.request(DIGEST).der
        # The bound itself; asking one by one would take a minute.
        self.env.cr.execute("DELETE FROM gov_rate WHERE bucket = 'tsa'")
        self.assertEqual(self.post(body).status_code, 200)
        self.env.cr.execute(
            "UPDATE gov_rate SET hits = %s WHERE bucket = 'tsa'", (LIMIT,)
        )
        answer = self.post(body)
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 60)

    def test_as_an_authority_in_process(self):
        """No HTTP: the worker that signs would wait for another one."""
        self.switch(True)
        own = (
            self.env["gov.tsa"]
            .with_user(self.officer)
            .create({"name": "Here", "kind": "own"})
        )
        own.action_enable()
        stamp = self.env["gov.tsa"]._stamper(self.env.company)
        token = tsp.read_token(stamp(DIGEST), DIGEST)
        self.assertTrue(token.non_probant)
        self.assertTrue(stamp.non_probant)
        store = self.env["gov.anchor"]._store(self.env.company)
        self.assertEqual(tsp.check_token(token, store).level, "simple")
        kept = self.env["gov.timestamp"].search([])
        self.assertTrue(kept.non_probant)
        self.assertIn(tsp.NON_PROBANT, kept.authority)
        shown = own.action_ask_now()["params"]
        self.assertEqual(shown["type"], "warning")
        self.assertIn(tsp.NON_PROBANT, shown["message"])
        self.switch(False)
        with (
            mute_logger("odoo.addons.gov_trust.models.gov_tsa_stamp"),
            self.assertRaisesRegex(tsp.TimestampUnavailable, "off"),
        ):
            self.env["gov.tsa"]._stamper(self.env.company)(DIGEST)

    def test_an_old_decision_is_not_brought_back(self):
        parameters = self.env["ir.config_parameter"].sudo()
        self.switch(True)
        old = parameters.get_param("gov_trust.own_tsa")
        self.switch(False)
        parameters.set_param("gov_trust.own_tsa", old)
        self.assertFalse(self.env["gov.tsa"]._own_is_on())
        self.switch(True)
        self.assertTrue(self.env["gov.tsa"]._own_is_on())
        parameters.set_param("gov_trust.own_tsa", old)
        self.assertFalse(self.env["gov.tsa"]._own_is_on())

    def test_no_bound_written_by_hand_silences_the_alarm(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for value in ("nan", "inf", "-1", "1e9", "x"):
            parameters.set_param("gov_trust.tsa_max_drift", value)
            self.assertEqual(self.env["gov.tsa"]._most_drift(), 30, value)

    def test_bound_of_the_clocks(self):
        self.assertEqual(self.env["gov.tsa"]._most_drift(), 30)
        self.switch(False, max_drift=5)
        self.assertEqual(self.env["gov.tsa"]._most_drift(), 5)
        self.assertEqual(
            len(self.env["gov.journal.event"].search([("kind", "=", "tsa.max_drift")])),
            1,
        )
        with self.assertRaises(ValidationError):
            self.switch(False, max_drift=0)
