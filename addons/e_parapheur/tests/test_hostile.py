import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PIN, BookCase, pdf

ODD = (
    0,
    -1,
    10**30,
    1.5,
    True,
    "1",
    "abc",
    "\x00",
    "\ud800",
    [],
    [[1]],
    {"id": 1},
    None,
)


@tagged("post_install", "-at_install", "alone")
class TestHostile(BookCase):
    """Arguments and contexts that no screen sends: a sentence, and nothing done."""

    def refused_whatever(self, call, *but):
        """Each odd value is refused with a sentence; no other error comes out of it."""
        for odd in ODD:
            if any(odd is one for one in but):
                continue
            with self.subTest(odd=odd):
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    call(odd)
                self.assertGreater(len(str(caught.exception)), 12)

    def test_odd_arguments_of_a_draft(self):
        folder = self._draft()
        content = base64.b64encode(pdf()).decode()
        self.refused_whatever(folder.action_remove_document)
        self.refused_whatever(lambda odd: folder.action_add_document("a.pdf", odd))
        self.refused_whatever(
            lambda odd: folder.action_add_document("a.pdf", content, role=odd)
        )
        self.refused_whatever(lambda odd: folder.action_add_document(odd, content))
        for words in ("\x00", "\ud800", [], {}, None, 0):
            with self.refused(UserError, "Write your comment"):
                folder.action_comment(words)
        with self.refused(UserError, "once the folder is finished"):
            folder.action_slip()
        self.assertEqual(folder.get_desk({"a": []})["basket"], "sign")
        self.assertEqual(folder.get_desk_folder()["base"], "")

    def test_odd_arguments_of_the_acts(self):
        folder = self._submitted()
        own = self._as(folder, self.head)
        step = folder.run_id.step_ids[0]
        self.refused_whatever(lambda odd: own.action_approve(base=odd), None)
        self.refused_whatever(lambda odd: own.action_return(odd, "Again"))
        self.refused_whatever(own.action_add_signer)
        self.refused_whatever(lambda odd: own.action_add_signer([odd]))
        self.refused_whatever(
            lambda odd: own.action_add_signer(self.other.ids, after=odd),
            *(odd for odd in ODD if not odd),
        )
        for nothing in ("\x00", "\ud800", [], {}, None, 0):
            with self.refused(UserError, "Say why"):
                own.action_refuse(nothing)
            with self.refused(UserError, "Say why"):
                own.action_return(step.id, nothing)
        own.action_approve({"\ud800": "\x00"})
        own = self._as(folder, self.signer)
        consent = self._consent()
        self.refused_whatever(lambda odd: own.action_sign(PIN, consent=odd))
        for base in ("abc", 1, [1], {"a": 1}, "\ud800"):
            with self.refused(UserError, "changed since"):
                own.action_sign(PIN, base=base, consent=consent)
        self.refused_whatever(
            lambda odd: own.action_sign_many(PIN, odd, consent), ODD[-3]
        )
        done = own.action_sign_many(
            PIN, [*ODD, {"id": "1"}, {"id": 10**30}, {"id": [folder.id]}], consent
        )
        self.assertFalse([one for one in done if one["ok"] or not one["error"]])
        self.assertFalse(folder.sudo().signature_ids)

    def test_files_reach_no_folder_by_a_detour(self):
        """Neither by defaults of the context nor by a file that begins as a field's."""
        folder = self._draft()
        files = self.env["ir.attachment"].with_user(self.clerk)
        link = {"res_model": folder._name, "res_id": folder.id}
        with self.refused(UserError, "not attached to messages of a folder"):
            files.with_context(
                default_res_model=folder._name, default_res_id=folder.id
            ).create({"name": "x", "raw": b"x"})
        with self.refused(UserError, "not attached to messages of a folder"):
            files.create({"name": "x", "raw": b"x", "res_field": "note", **link})
        with self.refused(UserError, "not attached to messages of a folder"):
            files.create({"name": "x", "raw": b"x"}).write(link)

    def test_the_form_is_the_one_of_the_nature(self):
        field = {"key": "k", "label": "K", "type": "text", "required": True}
        form, other = self.env["gov.form"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "field_ids": [Command.create(dict(field))],
                }
                for name in ("Own", "Other")
            ]
        )
        (form | other).action_publish()
        nature = self.nature.copy({"form_id": form.id})
        folder = self._draft(nature=nature)
        for forged in (False, other.id):
            folder.write({"form_id": forged})
            self.assertEqual(folder.form_id, form)
            folder.write({"form_id": forged, "nature_id": nature.id})
            self.assertEqual(folder.form_id, form)
        with self.refused(UserError, "K"):
            folder.action_submit()

    def test_a_document_and_a_submission_at_once_follow_each_other(self):
        """Adding writes the folder's row, as submitting does: two at once collide."""
        folder = self._draft()

        def version():
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT ctid FROM parapheur_folder WHERE id = %s", [folder.id]
            )
            return self.env.cr.fetchone()

        before = version()
        content = base64.b64encode(pdf()).decode()
        document = folder.action_add_document("late.pdf", content)
        added = version()
        self.assertNotEqual(before, added)
        folder.action_remove_document(document)
        self.assertNotEqual(added, version())

    def test_who_signs_and_approves_at_once_may_do_either_first(self):
        both = self._circuit(
            "Both",
            [
                {"name": "Sign", "kind": "signature", "users": self.signer, "rank": 1},
                {"name": "Visa", "kind": "visa", "users": self.signer, "rank": 1},
            ],
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": both.id}))
        self._as(folder, self.signer).action_approve("Fine")
        states = {step.name: step.state for step in folder.run_id.step_ids}
        self.assertEqual(states, {"Sign": "current", "Visa": "done"})
        self._sign(folder, self.signer)
        self.assertEqual(folder.sudo().state, "closing")
