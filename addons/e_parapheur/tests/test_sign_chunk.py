from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.exceptions import PinRefused, TicketRefused
from odoo.addons.gov_trust.tests.common_tsa import WithClocks

from .common import PIN
from .common_power import PowerCase


@tagged("post_install", "-at_install")
class TestSignChunk(WithClocks, PowerCase):
    """Many folders, one authentication: a ticket, chunks, what failed and why, the rest taken up again (S11, S13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()
        cls.waiting = cls._nature(timestamp_rule="wait")
        cls.secret = cls._nature(confidentiality="restricted")

    def setUp(self):
        super().setUp()
        self.desk = (
            self.env["parapheur.folder"]
            .with_user(self.mayor)
            .with_company(self.company)
        )

    def _folders(self, count=3, **kwargs):
        return [self._folder(title=f"Order {one}", **kwargs) for one in range(count)]

    def _items(self, folders):
        return [
            {"id": one["id"], "base": one["base"]}
            for one in self.desk.get_sign_request([one.id for one in folders])["items"]
        ]

    def _open(self, folders, desk=None, **kwargs):
        desk = desk if desk is not None else self.desk
        return desk.action_open_signing(
            PIN, self._items(folders), desk.get_consent()["id"], **kwargs
        )

    def _chunk(self, opened, folders, desk=None, **kwargs):
        desk = desk if desk is not None else self.desk
        return desk.action_sign_chunk(
            opened["ticket"], opened["half"], [one.id for one in folders], **kwargs
        )

    def test_what_is_shown_first(self):
        folders = self._folders(2)
        asked = self.desk.get_sign_request([one.id for one in folders])
        for item, folder in zip(asked["items"], folders, strict=True):
            version = folder.sudo().piece_ids._current()
            self.assertEqual(item["documents"][0]["sha256"], version.sha256)
            self.assertEqual(item["quality"], "رئيسة الجماعة")
            self.assertFalse(item["delegation"] or item["formula"] or item["refusal"])
        self.assertEqual(asked["reauth"]["kind"], "none")
        self.assertFalse(asked["delegation_consent"])
        self.assertEqual(asked["key"]["level"], "simple")
        # What cannot be signed says so, and tells nothing of a folder that is not his.
        secret = self._draft(title="Secret", nature=self.secret)
        (own, other) = self.desk.get_sign_request([folders[0].id, secret.id])["items"]
        self.assertFalse(own["refusal"])
        self.assertIn("not among yours", other["refusal"])
        self.assertNotIn("title", other)
        for odd in ([], None, "x", {}, list(range(1, 1002))):
            with self.refused(UserError, "From 1 to 1,000"):
                self.desk.get_sign_request(odd)

    def test_one_ticket_in_chunks(self):
        folders = self._folders(3)
        opened = self._open(folders)
        self.assertEqual(opened["items"], [one.id for one in folders])
        self.assertFalse(opened["refused"] or opened["by_pin"])
        self.assertNotIn(PIN, str(opened))
        for some in (folders[:2], folders[2:]):
            told = self._chunk(opened, some)
            self.assertEqual([one["ok"] for one in told], [True] * len(some), told)
        for folder in folders:
            self.assertEqual(len(self._events(folder, "folder.signed")), 1)
            self.assertEqual(folder.sudo().state, "closing")
            self.assertEqual(
                len(self.env["gov.sign"]._check(self._bytes(folder)).signatures), 1
            )
        told = self._chunk(opened, folders[:1])
        self.assertIn("not in circuit", told[0]["error"])

    def test_what_failed_leaves_the_others_and_is_taken_up_again(self):
        folders = self._folders(3)
        opened = self._open(folders)
        # Between: one was taken back, and one is not of this list.
        folders[1].action_recall()
        stranger = self._folder(title="Late")
        told = self._chunk(opened, [*folders, stranger])
        self.assertEqual([one["ok"] for one in told], [True, False, True, False])
        self.assertIn("not in circuit", told[1]["error"])
        self.assertIn("not in the list that you proved", told[3]["error"])
        told = self._chunk(opened, [folders[0], folders[0]])
        self.assertIn("twice", told[1]["error"])
        for odd in ([], None, "x", [stranger.id] * 21):
            with self.refused(UserError, "From 1 to 20"):
                self.desk.action_sign_chunk(opened["ticket"], opened["half"], odd)
        (told,) = self.desk.action_sign_chunk(opened["ticket"], opened["half"], ["x"])
        self.assertFalse(told["ok"])

    def test_only_this_person_this_page_and_this_list(self):
        folders = self._folders(2)
        opened = self._open(folders)
        for half in ("gtk_x", "", None, 7, {}, [opened["half"]]):
            with self.refused(TicketRefused, "cannot prove"):
                self.desk.action_sign_chunk(opened["ticket"], half, [folders[0].id])
            self.env["gov.key.ticket"].search([]).failures = 0
        other = self.desk.with_user(self.signer)
        for ticket in (opened["ticket"], -1, "1", True, None, 2**40, [1]):
            with self.refused(UserError, "not known any more"):
                other.action_sign_chunk(ticket, opened["half"], [folders[0].id])
        with self.refused(PinRefused, "not your PIN"):
            self.desk.action_open_signing(
                "246802", self._items(folders), self.desk.get_consent()["id"]
            )
        with self.refused(UserError, "tick that you accept"):
            self.desk.action_open_signing(PIN, self._items(folders), None)
        asked = self.desk.get_sign_request([folders[0].id])
        with self.refused(UserError, "Prove who you are"):
            self.desk.action_sign_chunk(asked["request"], "", [folders[0].id])
        self.assertFalse(
            folders[0].sudo().signature_ids | folders[1].sudo().signature_ids
        )

    def test_another_version_than_the_one_seen(self):
        folders = self._folders(2)
        items = self._items(folders)
        for odd in ("0" * 64, 7, True, ["x"], {"a": 1}):
            items[0]["base"] = odd
            opened = self.desk.action_open_signing(
                PIN, items, self.desk.get_consent()["id"]
            )
            self.assertEqual(opened["items"], [folders[1].id])
            self.assertIn("changed since", opened["refused"][0]["error"])

    @mute_logger("odoo.addons.gov_trust.models.gov_tsa_stamp")
    def test_the_authority_is_away_in_the_middle(self):
        clock = self.clock()
        self.add(clock.url)
        folders = self._folders(2, nature=self.waiting) + self._folders(1)
        opened = self._open(folders)
        (told,) = self._chunk(opened, folders[:1])
        self.assertTrue(told["ok"], told)
        clock.mode = "error"
        told = self._chunk(opened, folders[1:])
        self.assertFalse(told[0]["ok"])
        self.assertTrue(told[0]["again"])
        self.assertIn("Go on with it when the authority is back", told[0]["error"])
        self.assertTrue(told[1]["ok"], "this nature does not wait")
        self.assertEqual(folders[2].sudo().signature_ids.level, "B-B")
        self.assertFalse(folders[1].sudo().signature_ids)
        with self.refused(UserError, "not signed without a timestamp"):
            folder = self._as(folders[1], self.mayor)
            folder.action_sign(PIN, consent=folder.get_consent()["id"])
        # The same ticket goes on: what was not signed was given back.
        clock.mode = "good"
        self.env.cr.execute("UPDATE gov_tsa_state SET until = clock_timestamp()")
        (told,) = self._chunk(opened, folders[1:2])
        self.assertTrue(told["ok"], told)
        self.assertEqual(folders[1].sudo().signature_ids.level, "B-T")

    def test_no_authority_at_all(self):
        folder = self._folder(nature=self.waiting)
        with self.refused(UserError, "not signed without a timestamp"):
            self._sign(folder, self.mayor)

    def test_several_documents_and_the_same_file_twice(self):
        folders = [self._folder(title="Same", mains=2) for _two in range(2)]
        opened = self._open(folders)
        told = self._chunk(opened, folders)
        self.assertEqual([one["ok"] for one in told], [True, True], told)
        self.assertEqual(len(folders[0].sudo().signature_ids), 2)

    def test_by_delegation_with_the_separate_tick(self):
        self._act()
        mine = self._as(self.desk, self.head)
        folders = self._folders(2)
        asked = mine.get_sign_request([one.id for one in folders])
        self.assertEqual(asked["items"][0]["delegation"]["name"], self.mayor.name)
        self.assertIn("P/ la Présidente", asked["items"][0]["formula"])
        consent = asked["delegation_consent"]["id"]
        with self.refused(UserError, "tick that too"):
            self._open(folders, desk=mine)
        opened = self._open(folders, desk=mine, delegation_consent=consent)
        self.env["gov.delegation"].with_user(self.functional).search([]).action_revoke(
            reason="in between"
        )
        told = self._chunk(opened, folders, desk=mine)
        self.assertEqual([one["ok"] for one in told], [False, False])
        self.assertIn("revoked on", told[0]["error"])

    def test_levels(self):
        circuit = self._circuit(
            "Qualified",
            [{"name": "Signature", "kind": "signature", "users": self.mayor}],
        )
        high = self._nature(level_min="qualified")
        folder = self._folder(nature=high)
        item = self.desk.get_sign_request([folder.id])["items"][0]
        self.assertIn("at least qualified", item["refusal"])
        with self.refused(UserError, "at least qualified"):
            self._sign(folder, self.mayor)
        with self.refused(UserError, "No certificate|at least and at most|highest"):
            circuit.copy().step_ids.write(
                {"level_min": "qualified", "level_max": "simple"}
            )
        # The step says less than the nature: it is the step that counts.
        draft = circuit.copy()
        draft.step_ids.level_min = "simple"
        draft.action_publish()
        folder = self._folder(
            nature=self._nature(level_min="qualified", circuit_id=draft.id)
        )
        self._sign(folder, self.mayor)
        self.assertEqual(folder.sudo().signature_ids.trust, "simple")

    def test_the_certificate_ends_between_submit_and_signature(self):
        folder = self._folder()
        key = self.env["gov.key"]._personal(self.mayor)
        opened = self._open([folder])
        key.sudo()._end("revoked", "lost")
        with self.refused(TicketRefused, "retired or revoked"):
            self._chunk(opened, [folder])
        asked = self.desk.get_sign_request([folder.id])
        self.assertIn("no personal key yet", asked["key"]["refusal"])
        self.assertFalse(folder.sudo().signature_ids)
        self.assertEqual(folder.sudo().state, "running")
