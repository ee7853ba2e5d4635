import base64
import io
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.gov_base.lib.office import pdf as office_pdf

from .common_source import SourceCase, word
from .test_source import text_of


def repacked(content, extra):
    """The same .docx with more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name in source.namelist():
                data = source.read(name)
                if name in extra:
                    data = extra[name](data) if callable(extra[name]) else extra[name]
                made.writestr(name, data)
            for name, data in extra.items():
                if name not in source.namelist():
                    made.writestr(name, data)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestSourceMore(SourceCase):
    """Other documents than Word, other records than employees, and what goes wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Atlas SARL",
                "city": "Rabat",
                "company_id": cls.company.id,
                "bank_ids": [Command.create({"acc_number": "MA64 001"})],
            }
        )
        template = cls.env["gov.template"].create(
            {
                "name": "Partner sheet",
                "kind": "other",
                "lang": "en_US",
                "company_id": cls.company.id,
                "body": "<p>Sheet</p>",
            }
        )
        cls.sheet = cls._source(
            name="Partner sheet",
            model="res.partner",
            title="Sheet {{ name }}",
            document_kind="blocks",
            template_id=template.id,
            lock="record",
            field_ids=[
                Command.create({"path": "name"}),
                Command.create({"path": "city"}),
                Command.create({"path": "bank_ids.acc_number"}),
            ],
        )
        template.write(
            {
                "kind": "record",
                "blocks": [
                    {"kind": "letterhead"},
                    {"kind": "text", "html": "<p>Of {{ name }}, {{ city }}</p>"},
                    {"kind": "signature"},
                ],
            }
        )
        cls.template = template

    def _partner(self, user=None):
        return self._as(self.partner, user or self.clerk)

    def test_template_of_blocks_and_whole_record(self):
        self.sheet.action_publish()
        self.partner.name = "<b>Atlas</b> {{ city }} é"
        folder = self._sent(self.sheet, self._partner())
        said = text_of(folder.main_ids.current_version_id.sudo()._read_content())
        self.assertIn("<b>Atlas</b>", said)
        self.assertIn("Rabat", said)
        folder.action_submit()
        partner, bank = self.partner.sudo(), self.partner.bank_ids.sudo()
        for door in (
            lambda: partner.write({"comment": "x"}),
            lambda: partner.action_archive(),
            lambda: partner.unlink(),
            lambda: bank.write({"acc_number": "MA64 002"}),
            lambda: bank.unlink(),
            lambda: bank.create({"acc_number": "MA64 003", "partner_id": partner.id}),
            lambda: partner.write({"bank_ids": [Command.clear()]}),
            lambda: partner.with_user(self.env.ref("base.user_root")).write(
                {"city": "Fès"}
            ),
        ):
            with self.refused(UserError, folder.reference):
                door()
        [message] = partner.load([".id", "city"], [[str(partner.id), "Fès"]])[
            "messages"
        ]
        self.assertIn(folder.reference, message["message"])
        partner.message_post(body="A word")
        other = self.env["res.partner"].create({"name": "Free"})
        other.write({"city": "Fès"})
        self._as(folder, self.signer).action_refuse("No")
        partner.write({"city": "Fès"})

    def test_report(self):
        source = self._source(
            name="Badge", document_kind="report", report_name="hr.print_employee_badge"
        )
        source.action_publish()
        folder = self._sent(source)
        said = text_of(folder.main_ids.current_version_id.sudo()._read_content())
        self.assertIn(self.employee.name, said)
        report = self.env.ref("hr.hr_employee_print_badge")
        report.sudo().report_type = "qweb-html"
        with self.refused(UserError, "not there any more"):
            self._sent(source)
        wrong = self._source(name="x", document_kind="report", report_name="res.x")
        with self.refused(UserError, "Choose the report"):
            wrong.action_publish()

    def test_answers_of_the_form(self):
        form = self.env["gov.form"].create(
            {
                "name": "Facts",
                "company_id": self.company.id,
                "field_ids": [
                    Command.create({"label": "Who", "type": "text"}),
                    Command.create({"label": "Since", "type": "date"}),
                    Command.create({"label": "Colour", "type": "integer"}),
                    Command.create({"label": "Job", "type": "amount"}),
                ],
            }
        )
        form.action_publish()
        nature = self._nature("With form", self.one_step, form_id=form.id)
        keys = dict(
            zip(
                ("who", "since", "colour", "job"),
                form.field_ids.mapped("key"),
                strict=True,
            )
        )
        source = self._source(
            name="Facts",
            nature_id=nature.id,
            field_ids=[
                Command.create({"path": "name", "form_key": keys["who"]}),
                Command.create({"path": "create_date", "form_key": keys["since"]}),
                Command.create({"path": "color", "form_key": keys["colour"]}),
                Command.create({"path": "job_title", "form_key": keys["job"]}),
                Command.create({"path": "department_id.manager_id.name"}),
            ],
        )
        source.action_publish()
        folder, missed = source.with_user(self.clerk)._send(self._employee())
        self.assertEqual(folder.form_values[keys["who"]], self.employee.name)
        self.assertEqual(
            folder.form_values[keys["since"]], str(self.employee.create_date.date())
        )
        self.assertEqual(missed, ["Job Title"])
        gone = self._source(
            name="Gone",
            nature_id=nature.id,
            field_ids=[
                Command.create({"path": "name", "form_key": "no_such"}),
                Command.create({"path": "job_title"}),
                Command.create({"path": "department_id.manager_id.name"}),
            ],
        )
        with self.refused(UserError, "does not"):
            gone.action_publish()

    def test_an_unknown_field_is_refused_with_its_place(self):
        self.source.action_set_docx(
            "x.docx", base64.b64encode(word("Dear {{ nmae }}")).decode()
        )
        with self.refused(UserError, "Dear .*nmae.*not a merge field"):
            self.source.action_publish()
        self.source.title = "{{ nobody }}"
        with self.refused(UserError, "In the title"):
            self.source.action_publish()

    def test_word_files_that_attack(self):
        plain = word("Dear {{ name }}")
        rels = "word/_rels/document.xml.rels"
        remote = (
            b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/image" Target="http://127.0.0.1/x.png" TargetMode="External"/></Relationships>'
        )
        for content, words in (
            (word("{{ ''.__class__.__mro__ }}"), "unpublishable"),
            (word("{{ name.__class__ }}"), "unpublishable"),
            (word("{{ lipsum.__globals__.os.popen('id') }}"), "not allowed"),
            (word("{% for i in range(9) %}{% endfor %}"), "not allowed"),
            (
                repacked(
                    plain, {"word/bomb.xml": b"<a>" + b" " * 90_000_000 + b"</a>"}
                ),
                ".",
            ),
            (repacked(plain, {"word/vbaProject.bin": b"x"}), "macros"),
            (
                repacked(
                    plain,
                    {rels: lambda data: data.replace(b"</Relationships>", remote)},
                ),
                "outside",
            ),
            (
                repacked(
                    plain,
                    {
                        "word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
                    },
                ),
                ".",
            ),
        ):
            source = self.source
            with self.refused(UserError, "." if words == "unpublishable" else words):
                source.action_set_docx("x.docx", base64.b64encode(content).decode())
                source.action_publish()
            self.assertEqual(source.state, "draft")

    def test_libreoffice_that_is_not_there(self):
        self.source.action_publish()
        self.patch(office_pdf, "program", lambda: None)
        with self.refused(UserError, "LibreOffice is not installed"):
            self._sent()

    def test_written_back_at_refusal_and_failing(self):
        self.sheet.write(
            {
                "back_ids": [
                    Command.create(
                        {
                            "moment": "refused",
                            "field_name": "ref",
                            "value": "@reference",
                        }
                    ),
                    Command.create(
                        {
                            "moment": "refused",
                            "field_name": "function",
                            "value": "@text",
                            "words": "Refused",
                        }
                    ),
                ]
            }
        )
        for name, value in (
            ("ref", "x"),
            ("is_company", "2"),
            ("message_ids", "1"),
            ("x", "1"),
            ("create_uid", "1"),
        ):
            with self.refused(UserError, "."):
                self.sheet.write(
                    {
                        "back_ids": [
                            Command.create(
                                {"moment": "done", "field_name": name, "value": value}
                            )
                        ]
                    }
                )
        self.sheet.action_publish()
        folder = self._sent(self.sheet, self._partner())
        folder.action_submit()
        self._as(folder, self.signer).action_refuse("No")
        folder.sudo()._process_records()
        self.assertEqual(self.partner.ref, folder.reference)
        self.assertEqual(self.partner.function, "Refused")
        again = self._sent(self.sheet, self._partner())
        again.action_submit()
        self._as(again, self.signer).action_refuse("No")
        # The record goes away between the end and the batch.
        self.partner.sudo().unlink()
        again.sudo()._process_records()
        self.assertEqual(again.source_back_state, "pending")
        self.assertIn("not there any more", again.source_back_error)
        with self.refused(UserError, "not there any more"):
            again.action_write_back()
        with self.assertRaises(AccessError):
            self._as(again, self.signer).action_write_back()

    def test_the_dialog(self):
        self.source.action_publish()
        sends = (
            self.env["parapheur.send"].with_user(self.clerk).with_company(self.company)
        )
        locked = self._sent()
        locked.action_submit()
        second = self.staff[self.signer]
        context = {
            "active_model": "hr.employee",
            "active_ids": [self.employee.id, second.id],
        }
        with Form(sends.with_context(**context)) as form:
            self.assertEqual(form.source_id, self.source)
        dialog = form.save()
        action = dialog.action_send()
        self.assertEqual(action["res_model"], "parapheur.send")
        self.assertEqual(dialog.folder_ids.state, "running")
        self.assertIn(locked.reference, dialog.result)
        with self.refused(UserError, "sent already"):
            dialog.action_prepare()
        for context in (
            {"active_model": "res.users", "active_ids": [1]},
            {"active_model": "ir.model", "active_ids": [1]},
            {"active_model": 3, "active_ids": "x"},
            {"active_model": "hr.employee", "active_ids": [-1, "x", None]},
            {"active_model": "hr.employee", "active_ids": list(range(1, 500))},
        ):
            dialog = sends.with_context(**context).create({"source_id": self.source.id})
            with self.refused(UserError, "."):
                dialog.action_prepare()
        forged = sends.create(
            {
                "model": "hr.employee",
                "record_ids": [second.id],
                "source_id": self.sheet.id,
            }
        )
        with self.refused(UserError, "Choose what it is for"):
            forged.action_prepare()
        stranger = self.env(user=self.stranger, context={})["parapheur.send"]
        foreign = stranger.create({"model": "hr.employee", "record_ids": [second.id]})
        with self.refused(UserError, "Nothing is set up"):
            foreign.action_prepare()

    def test_calls_with_anything(self):
        self.source.action_publish()
        folders = self._as(self.env["parapheur.folder"], self.clerk)
        for model, record_id in (
            (None, 1),
            ("hr.employee", "1"),
            ("hr.employee", -1),
            ("hr.employee", True),
            (["hr.employee"], 1),
            ("res.users", 1),
            ("hr.employee", 2**40),
        ):
            self.assertEqual(folders.get_source_notice(model, record_id), [])
        with self.assertRaises(AccessError):
            self._as(folders, self.other).get_source_notice(
                "hr.employee", self.staff[self.mayor].id
            )
        admin = self.source
        for kind, model, path, nature in (
            (None, None, None, None),
            ("path", "hr.employee", 3, None),
            ("path", "hr.employee", ["name"], None),
            ("value", "hr.employee", "pin", None),
            ("value", "hr.employee", "__class__", None),
            ("answer", "x", "x", "x"),
            ("answer", "x", "x", -5),
            ("report", {}, None, None),
        ):
            admin.get_choices(kind, model, path, nature)
        with self.assertRaises(UserError):
            admin.get_choices("path", "hr.employee", "user_id.password")

    def test_persons_of_the_record_act(self):
        self.source.field_ids = [Command.create({"path": "parent_id"})]
        folders = self._as(self.env["parapheur.folder"], self.admin)
        offered = {one["key"] for one in folders._circuit_user_fields(self.company)}
        key = "source:hr.employee:parent_id"
        self.assertIn(key, offered)
        self.source.action_publish()
        folder = self._sent()
        self.assertEqual(folder._circuit_field_users(key), self.head)
        for wrong in ("source:hr.employee", "source:res.users:login", "source::", "x"):
            try:
                self.assertFalse(folder._circuit_field_users(wrong))
            except UserError:
                continue

    def test_models_without_sending_cost_nothing(self):
        self.source.action_publish()
        tags = self.env["res.partner.category"].create({"name": "x"})
        self.assertIsNone(tags._source_links())
        self.assertIsNotNone(self.employee._source_links())
        self.env.flush_all()
        tags.write({"name": "warm"})
        self.env.flush_all()
        with self.assertQueryCount(1):
            tags.write({"name": "y"})
            self.env.flush_all()
        arch = self.env["hr.employee"].get_view(view_type="form")["arch"]
        self.assertIn("parapheur_source_notice", arch)
        arch = self.env["res.partner.category"].get_view(view_type="form")["arch"]
        self.assertNotIn("parapheur_source_notice", arch)

    def test_what_is_gone_is_said(self):
        self.source.action_publish()
        folder = self._sent()
        row = self.source.field_ids[1]
        self.env.cr.execute(
            "UPDATE parapheur_source_field SET path = 'x_gone', form_key = 'gone' WHERE id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        with self.refused(UserError, "Job Title.*cannot be read"):
            self._sent()
        self.assertIn("cannot be read", folder.source_notice)
        with self.refused(UserError, "cannot be read"):
            folder.action_submit()
        self.env.cr.execute(
            "UPDATE parapheur_source_field SET path = 'job_title' WHERE id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        _folder, missed = self.source.with_user(self.clerk)._send(self._employee())
        self.assertEqual(missed, ["Job Title"])
        # The app of the record was removed.
        folder.sudo()._gated().source_model = "x.gone"
        self.assertIn("not there any more", folder.source_notice)
        with self.refused(UserError, "not there any more"):
            folder.action_open_source()
        self.env.cr.execute(
            "UPDATE parapheur_source SET model = 'x.gone' WHERE id = %s",
            [self.source.id],
        )
        self.env.invalidate_all()
        self.source._forget()
        self.source.action_retire()
        self.assertFalse(self.source._watched().get("x.gone"))
