import base64

import pypdfium2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.gov_base.tests.test_form import ACCESS_LOG

from .common_outgoing import OutgoingCase

BODY = "<p>Madame {{ recipient }},</p><p>Objet : {{ letter_subject }}</p><p>Salutations</p>"


@tagged("alone", "standard")
class TestMerge(OutgoingCase):
    """A draft filled in from its model, and again, without losing what was written (D9, L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["gov.template"].create(
            {
                "name": "Réponse test",
                "kind": "letter",
                "lang": "fr_FR",
                "company_id": cls.company.id,
                "subject": "Re {{ letter_subject }}",
                "body": BODY,
            }
        )

    def _merged_reply(self, **vals):
        reply = self._reply(body=False, lang="fr_FR", **vals)
        self.assertTrue(reply.action_apply_template(self.template.id))
        return reply

    def test_what_nobody_changed_is_renewed(self):
        reply = self._merged_reply()
        self.assertFalse(reply.is_edited)
        reply.recipient_name = "Fatima Zahra"
        self.assertIs(reply.action_apply_template(), True)
        self.assertIn("Fatima Zahra", reply.body)
        self.assertFalse(reply.is_edited)

    def test_what_was_written_stays(self):
        reply = self._merged_reply()
        before = reply.version_count
        reply.body = reply.body.replace("Salutations", "Avec mes respects")
        self.assertTrue(reply.is_edited)
        reply.recipient_name = "Fatima Zahra"
        action = reply.action_apply_template()
        self.assertEqual(action["res_model"], "desk.merge.wizard")
        self.assertNotIn("Fatima Zahra", reply.body, "nothing was done yet")
        wizard = (
            self.env["desk.merge.wizard"]
            .with_user(self.au)
            .create({"outgoing_id": reply.id})
        )
        self.assertIn("Fatima", wizard.changes)
        self.assertFalse(wizard.notice)
        self.assertEqual(
            wizard.action_confirm(), {"type": "ir.actions.act_window_close"}
        )
        self.assertIn("Avec mes respects", reply.body)
        self.assertIn("Fatima Zahra", reply.body)
        self.assertGreater(reply.version_count, before)
        self.assertIn(
            "filled in the draft from a model – Réponse test.",
            " ".join(reply.event_ids.mapped("sentence")),
        )

    def test_both_changed_the_same_place(self):
        reply = self._merged_reply()
        reply.body = reply.body.replace("Madame", "Chère Madame")
        reply.recipient_name = "Fatima Zahra"
        notice = reply.action_apply_template(mode="keep")
        self.assertIn("Your words stayed there", notice["params"]["message"])
        self.assertIn("Chère Madame", reply.body)
        reply.action_apply_template(mode="replace")
        self.assertNotIn("Chère", reply.body)
        self.assertIn("Fatima Zahra", reply.body)
        texts = reply.version_ids.mapped("body")
        self.assertTrue(any("Chère Madame" in text for text in texts), "kept")

    def test_append_and_another_model(self):
        reply = self._reply(lang="fr_FR")
        reply.action_apply_template(self.template.id, mode="append")
        self.assertTrue(reply.body.startswith("<p>Votre demande est acceptée."))
        self.assertIn("Salutations", reply.body)
        other = self.template.copy({"name": "Autre", "body": "<p>Autre texte</p>"})
        mine = str(reply.body)
        reply.body = f"{mine}<p>plus</p>"
        reply.action_apply_template(other.id, mode="keep")
        self.assertIn("acceptée", reply.body)
        self.assertNotIn("Autre texte", reply.body)

    def test_choosing_in_the_form_does_not_overwrite(self):
        reply = self._reply(lang="fr_FR")
        with mute_logger("odoo.tests.form.onchange"), Form(reply) as page:
            page.template_id = self.template
            self.assertIn("acceptée", page.body)
        self.assertIn("acceptée", reply.body)
        reply.body = False
        reply.template_id = False
        with Form(reply) as page:
            page.template_id = self.template
            self.assertIn("Salutations", page.body)
        self.assertFalse(reply.is_edited)

    def test_refusals(self):
        reply = self._merged_reply()
        note = self.env["gov.template"].create(
            {
                "name": "N",
                "kind": "note",
                "lang": "fr_FR",
                "company_id": self.company.id,
                "body": "<p>n</p>",
            }
        )
        with self.refused(UserError, "not one for this letter"):
            reply.action_apply_template(note.id)
        for odd in (["keep"], {"a": 1}, 5, "erase"):
            with self.refused(UserError, "Choose what becomes of the text"):
                reply.action_apply_template(mode=odd)
        with mute_logger(*ACCESS_LOG), self.refused(AccessError, "."):
            reply.with_user(self.al).action_apply_template()
        for vals in ({"merged_body": "<p>x</p>"}, {"merged_template_id": note.id}):
            with self.refused(AccessError, "."):
                reply.write(vals)
        reply.body = "<p>Autre</p>"
        reply.action_submit(levels=1)
        with self.refused(UserError, "take it back"):
            reply.action_apply_template(mode="replace")

    def test_a_field_that_is_empty_gives_nothing(self):
        self.template.blocks = [
            {"kind": "text", "html": "<p>Réf. {{ sender_reference }}.</p>"},
            {
                "kind": "if",
                "key": "sender_reference",
                "blocks": [{"kind": "text", "html": "<p>donnée</p>"}],
            },
        ]
        reply = self._merged_reply()
        self.assertEqual(reply.body, "<p>Réf. .</p>")
        self.assertEqual(
            self.template._merge_missing(
                reply._template_values(self.template, "fr_FR")
            ),
            ["sender_reference"],
        )

    def test_lists_and_two_languages(self):
        self.template.write(
            {
                "second_lang": "ar_MA",
                "blocks": [
                    {
                        "kind": "pair",
                        "first": [
                            {"kind": "text", "html": "<p>Du {{ letter_date }}</p>"}
                        ],
                        "second": [
                            {"kind": "text", "html": "<p>{{ letter_date }}</p>"}
                        ],
                    },
                    {
                        "kind": "loop",
                        "over": "recipients",
                        "style": "table",
                        "columns": ["recipient_rank", "recipient_name"],
                    },
                    {
                        "kind": "loop",
                        "over": "annexes",
                        "style": "list",
                        "blocks": [{"kind": "text", "html": "<p>{{ annex_name }}</p>"}],
                    },
                ],
            }
        )
        letter = self._register(unit_id=self.urbanism.id, document_date="2026-05-01")
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        reply = self._reply(letter, body=False, lang="fr_FR", recipient_name="<b>A</b>")
        reply.action_apply_template(self.template.id)
        self.assertIn("1 mai 2026", reply.body)
        self.assertIn("ماي", reply.body)
        self.assertIn("&lt;b&gt;A&lt;/b&gt;", reply.body)
        self.assertNotIn("<li>", reply.body, "no annex, no list")
        document = pypdfium2.PdfDocument(reply._render_pdf())
        words = document[0].get_textpage().get_text_range()
        self.assertIn("1 mai 2026", words)

    def test_the_frame_is_that_of_the_template(self):
        self.env["gov.letterhead"].create(
            {
                "name": "P",
                "company_id": self.company.id,
                "lines_fr": "Service des autorisations",
                "unit_ids": [self.urbanism.id],
            }
        )
        reply = self._merged_reply(signatory_name="Le Maire")
        words = self._words(reply._render_pdf())
        self.assertIn("Service des autorisations", words)
        self.assertIn("Le Maire", words)
        self.template.blocks = [{"kind": "text", "html": "<p>Texte nu</p>"}]
        reply.action_apply_template(mode="replace")
        words = self._words(reply._render_pdf())
        self.assertNotIn("Service des autorisations", words)
        self.assertNotIn("Le Maire", words, "no room of a signature in this model")

    def _words(self, pdf):
        return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()

    def test_preview_on_a_real_letter(self):
        letter = self._assigned()
        before = self.env["desk.outgoing"].search_count([])
        previews = self.env["gov.template.preview"].with_user(self.au)
        preview = previews.create(
            {
                "template_id": self.template.id,
                "record_ref": f"registry.letter,{letter.id}",
            }
        )
        self.assertFalse(preview.notice)
        words = self._words(base64.b64decode(preview.pdf))
        self.assertIn(letter.subject[:20], words)
        self.assertIn("Salutations", words)
        draft = self._merged_reply()
        preview.record_ref = draft
        preview.invalidate_recordset()
        self.assertIn("Salutations", self._words(base64.b64decode(preview.pdf)))
        self.assertEqual(
            self.env["desk.outgoing"].search_count([]),
            before + 1,
            "previews leave none",
        )
        for kind in ("fiche", "completion", "mail"):
            template = self.env["gov.template"].create(
                {
                    "name": kind,
                    "kind": kind,
                    "lang": "ar_MA",
                    "company_id": self.company.id,
                    "body": "<p>{{ letter_number }}</p>",
                }
            )
            preview = previews.create(
                {
                    "template_id": template.id,
                    "record_ref": f"registry.letter,{letter.id}",
                }
            )
            self.assertTrue(preview.pdf, preview.notice)

    def test_a_preview_reads_with_the_rights_of_the_user(self):
        letter = self._assigned()
        previews = self.env["gov.template.preview"].with_user(self.al)
        preview = previews.create(
            {
                "template_id": self.template.id,
                "record_ref": f"registry.letter,{letter.id}",
            }
        )
        with mute_logger(*ACCESS_LOG):
            self.assertFalse(bool(preview.pdf))
            self.assertTrue(preview.notice)
        with self.refused(ValueError, "."):
            previews.create(
                {
                    "template_id": self.template.id,
                    "record_ref": f"res.partner,{self.al.partner_id.id}",
                }
            )
        gone = previews.create(
            {"template_id": self.template.id, "record_ref": "registry.letter,999999999"}
        )
        self.assertFalse(letter.subject in self._words(base64.b64decode(gone.pdf)))

    def _template(self, kind, **vals):
        return self.env["gov.template"].create(
            {
                "name": kind,
                "kind": kind,
                "lang": "fr_FR",
                "company_id": self.company.id,
                **vals,
            }
        )

    def test_the_email_that_carries_a_letter(self):
        reply = self._sealed(
            lang="fr_FR",
            recipient_email="x@example.ma",
            recipient_name="<script>x</script>",
        )
        usual = reply._mail_vals("x@example.ma")
        self.assertIn(reply.number, usual["subject"])
        template = self._template(
            "mail",
            subject="Courrier {{ number }}",
            body="<p>Bonjour {{ recipient }}</p>",
        )
        vals = reply._mail_vals("x@example.ma")
        self.assertEqual(vals["subject"], f"Courrier {reply.number}")
        self.assertIn("Bonjour", vals["body_html"])
        self.assertNotIn("<script", vals["body_html"])
        # one that cannot be filled in keeps no letter from leaving
        self.env.cr.execute(
            SQL(
                "UPDATE gov_template SET subject = '{{ x }}' WHERE id = %s", template.id
            )
        )
        self.env.invalidate_all()
        self.assertEqual(reply._mail_vals("x@example.ma")["subject"], usual["subject"])

    def test_words_of_the_administration_on_a_slip(self):
        letter = self._assigned()
        row = self._row(letter, self.hu)
        self.assertEqual(letter._fiche_words(row, "fr_FR"), "")
        self._template("fiche", body="<p>Dossier de {{ sender }}</p>")
        self.assertIn("Dossier de", letter._fiche_words(row, "fr_FR"))
        self.assertEqual(letter._fiche_words(row, "ar_MA"), "")

    def test_models_can_all_be_filled_in(self):
        letter = self._assigned()
        found = self.env["gov.template"].search([("company_id", "=", False)])
        self.assertIn(self.env.ref("mail_desk.gov_template_reply_two_languages"), found)
        for model in found:
            self.assertFalse(model._merge_refusal(), model.name)
            if "registry.letter" in model._merge_models(model.kind):
                _subject, body = model._merge_for(letter.with_user(self.au))
                self.assertNotIn("{{", body)

    def test_the_letter_of_a_request_to_complete(self):
        letter = self._assigned()
        letter.with_user(self.au).action_ask_completion(
            "Carte d’identité\nPlan <b>signé</b>", due_date="2027-03-01", channel="post"
        )
        request = self.env["desk.completion"].search([("letter_id", "=", letter.id)])
        request = request.with_user(self.au)
        self.assertIn(f"/{request.id}/", request.action_print_letter()["url"])
        words = self._words(request._letter_pdf())
        for word in ("Carte d’identité", "Plan <b>signé</b>", "01/03/2027"):
            self.assertIn(word, words)
        with mute_logger(*ACCESS_LOG), self.refused(AccessError, "."):
            request.with_user(self.stranger).action_print_letter()
        self.env["gov.template"].search([("kind", "=", "completion")]).active = False
        with self.refused(UserError, "no template of a request"):
            request.action_print_letter()
