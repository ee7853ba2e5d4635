from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib import http


@tagged("standard", "alone")
class TestClientKey(BaseCase):
    def key(self, address):
        return http.client_key(
            SimpleNamespace(httprequest=SimpleNamespace(remote_addr=address))
        )

    def test_addresses(self):
        self.assertEqual(self.key("192.0.2.7"), "192.0.2.7")
        self.assertEqual(self.key("::ffff:192.0.2.7"), "192.0.2.7")
        one, same = self.key("2001:db8:1:2:3::4"), self.key("2001:db8:1:2:ff::1")
        self.assertEqual(one, same)
        self.assertNotEqual(one, self.key("2001:db8:1:3::4"))
        self.assertEqual(self.key("fe80::1%eth0"), self.key("fe80::2%eth1"))
        for odd in (None, "", "unix:", "not an address"):
            self.assertEqual(self.key(odd), "unknown")


@tagged("standard", "alone")
class TestRate(TransactionCase):
    def hit(self, key="192.0.2.7", bucket="test", limit=3, period=60):
        return self.env["gov.rate"]._hit(bucket, key, limit, period)

    def test_counted_by_source_and_bucket(self):
        self.assertEqual([self.hit() for _ in range(3)], [0, 0, 0])
        wait = self.hit()
        self.assertTrue(0 < wait <= 60, wait)
        self.assertEqual(self.hit(key="192.0.2.8"), 0)
        self.assertEqual(self.hit(bucket="other"), 0)

    def test_a_new_window_opens(self):
        for _ in range(4):
            self.hit()
        self.assertTrue(self.hit())
        self.env.cr.execute("UPDATE gov_rate SET until = now() - interval '1s'")
        self.assertEqual(self.hit(), 0)

    def test_sources_are_not_kept(self):
        self.hit(key="192.0.2.77")
        self.env.cr.execute("SELECT string_agg(g::text, ' ') FROM gov_rate g")
        self.assertNotIn("192.0.2", self.env.cr.fetchone()[0])

    def test_the_salt_changes_each_day(self):
        rate = self.env["gov.rate"]
        today = rate._hashed("192.0.2.7")
        self.assertEqual(today, rate._hashed("192.0.2.7"))
        with patch("odoo.addons.gov_trust.models.gov_rate.datetime") as clock:
            clock.date.today.return_value = "2031-01-01"
            self.assertNotEqual(today, rate._hashed("192.0.2.7"))

    def test_swept(self):
        self.hit()
        self.env.cr.execute("UPDATE gov_rate SET until = now() - interval '1s'")
        self.hit(key="192.0.2.9")
        self.env["gov.rate"]._sweep()
        self.env.cr.execute("SELECT count(*) FROM gov_rate WHERE bucket = 'test'")
        self.assertEqual(self.env.cr.fetchone()[0], 1)

    @mute_logger("odoo.addons.gov_trust.models.gov_rate")
    def test_it_never_raises(self):
        def broken(_self, _values):
            raise RuntimeError

        self.patch(type(self.env["gov.rate"]), "_count", broken)
        self.assertEqual(self.hit(), 0)
