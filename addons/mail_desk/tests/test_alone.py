from odoo.tests import tagged

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install", "alone")
class TestAlone(OutgoingCase):
    """The register and the desk alone: a letter comes in, its answer goes out."""

    def test_from_the_counter_to_the_answer(self):
        letter = self._register(unit_id=self.urbanism.id)
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        reply = self._sealed(letter=letter)
        reply.action_send("hand", "Remis au demandeur")
        self.assertEqual(letter.desk_closing, "answered")
        self.assertRegex(reply.number, r"^\d{4}/\d{6}$")
        self.assertTrue(self.register._verify()["ok"])
