from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused

from .gov_circuit_step import SENT_KINDS
from .parapheur_folder_documents import MAX_DOCUMENTS


class ParapheurFolder(models.Model):
    """What a step asks for: answers of the form, a document; given by whom it waits for."""

    _inherit = "parapheur.folder"

    def action_fill(self, values):
        """Answer what one's step asks for and nobody answered yet.

        :param dict values: {key of the form: answer}
        :return: True
        :raise UserError: a key that the step does not ask for, or that is answered already; an
            answer with which somebody else would have to act
        :raise FormRefused: an answer that is none
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        self.invalidate_recordset(["form_values"])
        step = self._checked_step()
        given_values = values if isinstance(values, dict) else {}
        answered = self.form_values or {}
        asked = set(self._asked_keys(step)) - {
            key for key, value in answered.items() if value not in (None, "", [])
        }
        if not given_values or not asked.issuperset(given_values):
            raise UserError(
                self.env._(
                    "Only what “%(step)s” asks for and nobody answered yet is filled in here. "
                    "Nothing was saved.",
                    step=step.name,
                )
            )
        # What was submitted is the platform's; the step asks for these answers.
        folder_sudo = self.sudo()
        folder_sudo._gated().write({"form_values": {**answered, **given_values}})
        folder_sudo._check_same_way()
        folder_sudo._event(
            "folder.filled", {"step": step.id, "keys": sorted(given_values)}
        )
        return True

    def action_attach(self, filename, content):
        """Attach a document at one's step, as an annex of the folder.

        :param str filename: its name as the person has it
        :param str content: the file, base64
        :return: id of the ``gov.document``
        :raise UserError: refused by the intake, too many documents, out of turn, ended
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._checked_step()
        data = self._decoded(content)
        if not data or not isinstance(filename, str):
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            )
        if len(self.main_ids) + len(self.annex_ids) >= MAX_DOCUMENTS:
            raise UserError(
                self.env._(
                    "A folder holds %(limit)s documents at most: nothing was attached.",
                    limit=MAX_DOCUMENTS,
                )
            )
        # Documents are written by the intake alone, whoever brings the file.
        folder_sudo = self.sudo()
        version = folder_sudo._ingest_beside(data, filename, role="annex")
        # Rows of a circuit are written by the platform; what is attached here is a fact.
        step_sudo = step.sudo()
        step_sudo.attached_ids += version.document_id
        folder_sudo._event(
            "folder.attached",
            {
                "step": step.id,
                "document": version.document_id.id,
                "sha256": version.sha256,
            },
        )
        self.invalidate_recordset(["annex_ids"])
        return version.document_id.id

    def action_replace_document(self, document_id, filename, content):
        """Put a corrected file in the place of a main document that was returned to the start.

        Possible once the folder is back at its first step, so that nobody's act is left on the
        earlier version; that version stays, to be compared.

        :param int document_id: id of a main document of this folder
        :param str filename: name of the corrected file
        :param str content: the file, base64
        :return: True
        :raise UserError: somebody's act stands, no such document, refused by the intake
        :raise AccessError: not the sender
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        self.run_id.invalidate_recordset()
        refusal = self._replace_document_refusal()
        if refusal:
            raise refusal
        # Documents are the platform's; who may correct them was checked above.
        folder_sudo = self.sudo()
        piece_sudo = folder_sudo.piece_ids.filtered(
            lambda one: one.document_id.id == document_id
        )
        data = self._decoded(content)
        if not piece_sudo or not data or not isinstance(filename, str):
            raise UserError(
                self.env._(
                    "A file did not arrive whole, or belongs to no document of this folder. "
                    "Choose it again. Nothing was replaced."
                )
            )
        before = piece_sudo.original_id
        version = folder_sudo._ingest_beside(
            data, filename, role="main", document=piece_sudo.document_id
        )
        problem = folder_sudo._document_problem(piece_sudo.document_id)
        if problem:
            raise UserError(problem)
        folder_sudo._prepare_again(piece_sudo, version)
        folder_sudo._event(
            "folder.replaced",
            {
                "document": piece_sudo.document_id.id,
                "before": before.sha256,
                "after": version.sha256,
                "prepared": piece_sudo.prepared_id.sha256,
            },
        )
        folder_sudo._tell_those_concerned(
            self.env._(
                "%(folder)s: %(file)s was corrected. Those who had acted see what changed.",
                folder=self.reference,
                file=piece_sudo.document_id.name,
            )
        )
        return True

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------
    def _checked_step(self):
        """The step at which the user has to act now, or the reason why there is none."""
        user = self.env.user
        step = self._my_step()
        if not step or step.kind in SENT_KINDS:
            refusal = self.run_id._refusal("act", user, step=step)
            raise refusal or self._not_open(step)
        return step

    def _replace_document_refusal(self):
        """Return why the user cannot correct a document now, or None."""
        self.ensure_one()
        if self.state != "running":
            return self._impossible_sentence("signed")
        if self.initiator_id != self.env.user:
            return self._transition_refusal("draft") or self._impossible_sentence(
                "signed"
            )
        live = self.run_id._live_steps()
        acted = self.run_id.actor_ids.filtered(
            lambda row: row.step_id in live and row.state == "done"
        )
        if acted or not self._acted():
            return UserError(
                self.env._(
                    "A document of %(folder)s is corrected once the folder was returned to "
                    "its first step: an act stands on what was read.",
                    folder=self.display_name,
                )
            )
        return None

    def _asked_keys(self, step):
        # The frozen rules of a step are those of its run.
        step_sudo = step.sudo()
        return [
            *(step_sudo.required_on_approve or ()),
            *(step_sudo.required_on_refuse or ()),
        ]

    def _circuit_supervised_by(self, user):
        return user.has_group(
            "e_parapheur.group_e_parapheur_supervisor"
        ) and not self._is_hidden_from(user)

    def _is_hidden_from(self, user):
        """A restricted folder is followed by the people of its circuit alone."""
        return self.is_restricted and user not in self.actor_ids | self.initiator_id

    @api.model
    def _circuit_form_fields(self, company):
        # Questions are labels, read by whoever draws a circuit.
        questions_sudo = self.env["gov.form.field"].sudo()
        found = questions_sudo.search(
            [("company_id", "=", company.id), ("form_id.state", "=", "published")]
        )
        labels = {question.key: question.label for question in reversed(found)}
        return [{"key": key, "label": label} for key, label in labels.items()]

    def _circuit_missing(self, keys):
        # The very version this folder was filled in with.
        form_sudo = self.form_id.sudo()
        answers = self.form_values or {}
        return [
            question.label
            for question in form_sudo.field_ids
            if question.key in keys and answers.get(question.key) in (None, "", [])
        ]

    def _circuit_attached(self, step, user):
        # Only whether there is one is asked.
        step_sudo = step.sudo()
        return bool(step_sudo.attached_ids.filtered(lambda one: one.create_uid == user))

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------
    def _ingest_beside(self, content, filename, *, role, document=None):
        """Inspect a file and keep it, while the folder circulates. As superuser."""
        limits = (
            self.env["gov.intake"]._limits(allowed=("pdf",)) if role == "main" else None
        )
        try:
            return self.env["gov.document"]._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role=role,
                nature="original" if role == "main" else "copy",
                origin="scan",
                limits=limits,
                document=document,
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal

    def _prepare_again(self, piece, version):
        """Give a corrected document its boxes. As superuser."""
        report = self._examined(version._read_content(), version, piece.document_id)
        piece.original_id = version
        self._prepare_piece(piece, report, self._signing_steps(self.run_id))
