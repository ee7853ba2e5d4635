import secrets

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import FormRefused
from odoo.addons.gov_base.lib import hygiene, placement
from odoo.addons.gov_trust.lib import acts

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_documents import PDF

AGENT = "e_parapheur.group_e_parapheur_agent"
#: names of the boxes in a prepared PDF
SEAL_FIELD = "Seal"
SIGN_FIELD = "Sign"
#: sizes of the blocks drawn on the documents, in points
PERSON_BOX = (185, 74)
SEAL_BOX = (185, 74)


class ParapheurFolder(models.Model):
    """Submitting: everything is checked, documents are prepared, the circuit starts."""

    _inherit = "parapheur.folder"

    def action_submit(self):
        """Check these folders, freeze them, prepare their documents and start their circuit.

        Signers without a personal key do not stop a folder: they are named in its
        messages, and make their key before they sign.

        :return: True
        :raise UserError: what is missing or wrong, one sentence each
        """
        self.check_access("write")
        self._check_transition("running")
        for folder in self:
            folder._submit()
        return True

    def _submit(self):
        self.ensure_one()
        problems = self._submit_problems()
        examined = self._examine_mains()
        problems += self._hygiene_problems(examined)
        if problems:
            raise UserError("\n".join(problems))
        # The folder moves by the platform from here on: its gate was passed above.
        folder_sudo = self.sudo()
        folder_sudo._freeze_nature()
        preparation, circuit = self._circuits_to_take()
        self._check_eligible((preparation | circuit).step_ids)
        chosen = self._chosen()
        folder_sudo._become(
            "running",
            submitted_at=fields.Datetime.now(),
            ended_at=False,
            end_reason=False,
        )
        run = self._circuit_start(circuit, chosen=chosen, before=preparation)
        self._check_run(run)
        folder_sudo._prepare_pieces(run.sudo(), examined)
        folder_sudo._event(
            "folder.submitted",
            {
                "nature": [self.nature_id.id, folder_sudo.nature_version_id.number],
                "run": run.id,
                "preparation": [preparation.id, preparation.version]
                if preparation
                else None,
                "pieces": [
                    {
                        "document": piece.document_id.id,
                        "original": piece.original_id.sha256,
                        "prepared": piece.prepared_id.sha256,
                        "hygiene": folder_sudo._hygiene_digest_of(piece),
                        "pages": hygiene.digest(piece._page_digests()),
                    }
                    for piece in folder_sudo.piece_ids
                ],
                "annexes": folder_sudo.annex_ids.mapped("sha256"),
            },
        )
        self._say_missing_keys(run)

    def _submit_problems(self):
        """Sentences: what is missing or wrong before this folder may circulate."""
        problems = []
        if not self.title:
            problems.append(
                self.env._("The title is missing: say in one line what is submitted.")
            )
        if not self.main_ids:
            problems.append(
                self.env._(
                    "There is no main document: add the PDF that has to be approved or "
                    "signed."
                )
            )
        problems += self._nature_problems()
        try:
            self._form_check()
        except FormRefused as refusal:
            problems.append(refusal.args[0])
        for document in self.main_ids | self.annex_ids:
            problem = self._document_problem(document)
            if problem:
                problems.append(problem)
        return problems

    def _document_problem(self, document):
        """Say why a document cannot circulate, or return None."""
        if document.state == "quarantined":
            return self.env._(
                "%(file)s is in quarantine: take it out of the folder.",
                file=document.name,
            )
        if document.state != "released" or document.av_state == "infected":
            return self.env._(
                "%(file)s is still being checked: submit again in a moment.",
                file=document.name,
            )
        version = document.current_version_id
        if document.role != "main":
            return None
        if version.mime != PDF:
            return self.env._(
                "%(file)s is no PDF: convert it to PDF to have it signed, or make it an "
                "annex.",
                file=document.name,
            )
        return None

    def _check_eligible(self, steps):
        """Refuse a signature where the law wants paper."""
        nature = self._nature_version()
        if nature.not_eligible and SIGNATURE in steps.mapped("kind"):
            raise UserError(
                self.env._(
                    "Acts of the nature “%(nature)s” are not signed electronically: "
                    "%(reason)s. Have it signed on paper.",
                    nature=self.nature_id.name,
                    reason=nature.not_eligible_reason
                    or self.env._("set by its administrator"),
                )
            )

    def _check_actors(self, users):
        """Refuse people who could not open the folder when their turn comes."""
        without = users.filtered(lambda user: not user.has_group(AGENT))
        if without:
            raise UserError(
                self.env._(
                    "%(names)s: no role in the signature book, so the folder could not be "
                    "opened there. Ask your administrator for the role “Agent”, or change "
                    "the circuit.",
                    names=", ".join(without.mapped("name")),
                )
            )

    def _say_missing_keys(self, run):
        """Name the signers who still have to make their personal key. Told, not refused."""
        keys = self.env["gov.key"]
        signers = run._live_steps().filtered(lambda step: step.kind == SIGNATURE)
        without = [
            actor.name
            for actor in signers.actor_ids
            if not keys._personal(actor.user_id)
        ]
        if without:
            self.message_post(
                body=self.env._(
                    "No personal key yet: %(names)s. A key is made in “My signature”, once; "
                    "nobody signs without.",
                    names=", ".join(dict.fromkeys(without)),
                )
            )

    # ------------------------------------------------------------------
    # Documents as the signers see them
    # ------------------------------------------------------------------
    def _prepare_pieces(self, run, examined):
        """Give each main document its boxes, before anybody sees it in the circuit.

        :param dict examined: {document: report}, as :meth:`_examine_mains` gives it
        """
        pieces = self.env["parapheur.piece"].create(
            [
                {
                    "folder_id": self.id,
                    "sequence": number,
                    "document_id": document.id,
                    "original_id": document.current_version_id.id,
                    "public_ref": secrets.token_urlsafe(18),
                }
                for number, document in enumerate(self._in_order(self.main_ids), 1)
            ]
        )
        steps = self._signing_steps(run)
        for piece in pieces:
            self._prepare_piece(piece, examined[piece.document_id], steps)
        self.invalidate_recordset(["piece_ids"])

    def _signing_steps(self, run):
        """Ids of the steps that sign, in order, once for each signature."""
        return [
            step.id
            for step in run._live_steps().sorted(lambda one: (one.rank, one.id))
            if step.kind == SIGNATURE
            for _number in range(self._box_count_of(step))
        ]

    def _box_count_of(self, step):
        """How many signatures one step puts on each document."""
        return step._most_agreements()

    def _prepare_piece(self, piece, report, steps):
        """Boxes for signatures and seal on a document that was made clean.

        :param report: what the check found; its ``content`` is prepared
        :param list steps: ids of the steps that sign, once for each signature
        """
        wanted = self._wanted(len(steps))
        fixed, origins, _notes = self._fixed(
            piece.document_id, wanted, {"pages": report.pages, "tags": report.tags}
        )
        try:
            placed, places = placement.place(
                report.content, wanted, keep_signed=True, fixed=fixed
            )
            prepared = self.env["gov.sign"]._prepare(
                placed,
                [
                    acts.Field(one.name, one.kind, acts.Box(*places[one.name]))
                    for one in wanted
                ],
                self.company_id,
            )
        except (UserError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(file)s cannot be signed: %(reason)s. Print it to PDF again, add that "
                    "file instead, and submit again.",
                    file=piece.document_id.name,
                    reason=str(error).rstrip("."),
                )
            ) from error
        names = [one.name for one in wanted]
        piece.write(
            {
                "prepared_id": self._store_version(piece, prepared).id,
                "boxes": [
                    [name, places[name][0], list(places[name][1])] for name in names
                ],
                "box_steps": dict(zip(names, steps, strict=False)),
                "base_size": len(placed),
                "page_facts": self._page_facts(report, places, prepared, origins),
            }
        )

    def _page_facts(self, report, places, prepared, origins):
        """Geometry and digests of the pages as the signers see them."""
        digests, engine = report.after, report.engine
        pages = self._with_added(report.pages, places)
        if len(pages) > len(digests):
            digests, engine = hygiene.digests(prepared)
        return {
            "pages": pages,
            "digests": digests,
            "engine": engine,
            "origins": origins,
        }
