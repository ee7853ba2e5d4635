from odoo import Command

from odoo.addons.mail_desk.tests.common import DeskCase

PIN = "135791"
BOOK = "e_parapheur.group_e_parapheur_agent"


class SignedCase(DeskCase):
    """An office whose letters are signed by two persons, one after the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        book = cls.env.ref(BOOK)
        for user in (cls.au, cls.hu, cls.dg):
            user.group_ids = [Command.link(book.id)]
        keys = cls.env["gov.key"]
        for user in (cls.hu, cls.dg):
            keys._make_personal(user, cls.company, PIN)
        circuit = cls.env["gov.circuit"].create(
            {
                "name": "Two signatures",
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "rank": rank,
                            "name": f"Signature {rank}",
                            "kind": "signature",
                            "actor_rule": "person",
                            "user_ids": [Command.set(user.ids)],
                        }
                    )
                    for rank, user in enumerate((cls.hu, cls.dg), start=1)
                ],
            }
        )
        circuit.action_publish()
        cls.nature = cls.env["parapheur.nature"].create(
            {"name": "Letter", "company_id": cls.company.id, "circuit_id": circuit.id}
        )
        cls.office.desk_nature_id = cls.nature

    def _reply(self):
        letter = self._assigned()
        reply = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .with_company(self.company)
            .create({"kind": "reply", "answers_id": letter.id})
        )
        reply.write({"subject": "Votre demande", "body": "<p>Avis favorable.</p>"})
        return reply

    def _validated(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")
        return reply

    def _signing(self):
        reply = self._validated()
        reply.action_to_sign()
        return reply

    def _sign(self, folder, user, pin=PIN, base=None):
        folder = folder.with_user(user).with_company(self.company)
        return folder.action_sign(
            pin,
            base=base or folder._circuit_base(),
            consent=folder.get_consent()["id"],
        )

    def _outgoing_entries(self):
        register = self.office._get_register("outgoing")
        return self.env["registry.entry"].search([("register_id", "=", register.id)])
