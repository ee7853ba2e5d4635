from odoo.addons.gov_trust.lib import acts

from .common import RegistryCommon, pdf_file

SEAL = "Seal"
PIN = "805374"
SIGNATORY = "Amina El Fassi"


class BornDigitalCommon(RegistryCommon):
    """Documents made here, signed by one person, with a box for the closing seal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            "UPDATE registry_letter SET closing_next_at = now() + interval '1 day'"
        )
        cls.outgoing = cls.office._get_register("outgoing")
        cls.internal = cls.office._get_register("internal")

    def _signed_pdf(self, rect=(300, 700, 500, 776), signed=True):
        """Return a PDF with an empty seal field, signed by a person of the office."""
        fields = [acts.Field(SEAL, "seal", acts.Box(0, rect))]
        if signed:
            box = acts.Box(0, (60, 60, 220, 120))
            fields.insert(0, acts.Field("Signature1", "signature", box))
        pdf = self.env["gov.sign"]._prepare(pdf_file("Décision"), fields)
        if not signed:
            return pdf
        keys = self.env["gov.key"].with_user(self.head)
        key = keys._personal(self.head) or keys._make_personal(
            self.head, self.company, PIN
        )
        loaded = key.with_env(keys.env)._unlock(PIN)
        return self.env["gov.sign"]._sign(
            self.company, pdf, "Signature1", loaded, name=SIGNATORY
        )

    def _born(self, pdf=None, on_done=None, **vals):
        letter = self.env["registry.letter"]._register_born_digital(
            {
                "register_id": self.outgoing.id,
                "subject": "Réponse à votre demande",
                "body": "Madame,\nvotre demande est acceptée.",
                "language": "fr",
                "parties": [{"name": "Fatima Zahra", "email": "fz@example.ma"}],
                **vals,
            },
            pdf=pdf or self._signed_pdf(),
            seal_field=SEAL,
            filename="reponse.pdf",
            on_done=on_done,
        )
        self._drain()
        return letter

    def _close(self):
        """Let the batch after the numbering run."""
        self.env["registry.letter"].sudo()._process_closings(10)
