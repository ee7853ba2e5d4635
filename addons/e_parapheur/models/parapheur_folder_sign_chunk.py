from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.gov_trust.exceptions import SealUnavailable

CHUNK = 20
#: bytes of documents that are signed side by side
MAX_BYTES = 32 * 1024 * 1024


class ParapheurFolder(models.Model):
    """Signing the folders of one chunk: all are locked and checked, then signed side by side, then kept one by one (S13)."""

    _inherit = "parapheur.folder"

    @api.model
    def _sign_chunk(self, signing, ids, half, pin):
        """Sign these folders of a list that was proved.

        :param signing: ``parapheur.signing`` (superuser)
        :param list ids: of folders, as they were given
        :return: list of ``{"id", "ok", "error", "again"}``
        """
        told = {}
        acts = self._chunk_acts(signing, ids, told)
        if acts:
            self._check_ticket_open(signing, half, pin)
        for company in {act[0].company_id for act in acts.values()}:
            ours = {
                folder_id: act
                for folder_id, act in acts.items()
                if act[0].company_id == company
            }
            self._sign_company(company, signing, ours, half, pin, told)
        results, known = [], set()
        for folder_id in ids:
            again = folder_id in known
            known.add(folder_id)
            results.append(
                {"id": folder_id, "ok": False, "again": False}
                | {"error": self.env._("This folder is twice in the list.")}
                if again
                else {"id": folder_id, **told[folder_id]}
            )
        return results

    @api.model
    def _chunk_acts(self, signing, ids, told):
        """What is signed of these folders, each locked and checked on its own; refusals go to ``told``."""
        proof, listed = signing._proof(), {one[0]: one for one in signing.items}
        acts = {}
        # In one order, so that two chunks at once wait for each other instead of crossing.
        for folder_id in sorted(set(ids)):
            folder = self.browse(max(folder_id, 0))
            try:
                with self.env.cr.savepoint():
                    if folder_id not in listed:
                        raise UserError(
                            self.env._(
                                "This folder was not in the list that you proved. Choose it "
                                "again."
                            )
                        )
                    base = listed[folder_id][2]
                    folder._check_reachable()
                    # Two at once follow each other here; the second reads what the first did.
                    folder.run_id.sudo()._lock()
                    act = folder._sign_act(
                        base, signing.consent_id, proof, signing.delegation_consent_id
                    )
                    marks = folder._document_marks(base, act.step)
            except UserError as refusal:
                told[folder_id] = self._not_signed(refusal)
                continue
            acts[folder_id] = (folder, act, marks)
        return acts

    @api.model
    def _not_signed(self, refusal, again=False):
        return {
            "ok": False,
            "error": str(refusal.args[0]),
            "again": again or isinstance(refusal, SealUnavailable),
        }

    # ------------------------------------------------------------------
    # Key
    # ------------------------------------------------------------------
    @api.model
    def _check_ticket_open(self, signing, half, pin):
        if not signing.ticket_id and not pin:
            raise UserError(
                self.env._(
                    "Your key lies in a token: the page gives its PIN with each part. Give "
                    "it again."
                )
            )

    @api.model
    def _chunk_key(self, signing, marks, half, pin):
        """Open the key for these documents, each of them once."""
        if not signing.ticket_id:
            return self._unlocked(pin)
        tickets = self.env["gov.key.ticket"]
        for start in range(0, len(marks), CHUNK):
            loaded = tickets._use_many(
                signing.ticket_id,
                half if isinstance(half, str) else "",
                marks[start : start + CHUNK],
            )
        return loaded

    @api.model
    def _give_back_marks(self, signing, marks):
        """What was not signed after all may be signed with the same ticket."""
        if signing.ticket_id and marks:
            self.env["gov.key.ticket"]._return_unused(signing.ticket_id, marks)

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    @api.model
    def _sign_company(self, company, signing, acts, half, pin, told):
        """Sign what is locked, of one administration; keep each folder as soon as its documents are signed."""
        marks = [mark for _folder, _act, own in acts.values() for mark in own]
        loaded = self._chunk_key(signing, marks, half, pin)
        fit = {}
        for folder_id, (folder, act, own) in acts.items():
            try:
                folder._check_level(act.step, loaded)
            except UserError as refusal:
                told[folder_id] = self._not_signed(refusal)
                self._give_back_marks(signing, own)
                continue
            fit[folder_id] = (folder, act, own)
        try:
            for part in self._parts(fit):
                jobs = [
                    job
                    for folder, act, _marks in part.values()
                    for job in folder._sign_jobs(act, told)
                ]
                results = list(self.env["gov.sign"]._batch(company, jobs, loaded))
                self._keep_results(results, part, told)
        except SealUnavailable as refusal:
            # The key or the platform stopped: what was kept stays kept.
            for folder_id in fit.keys() - told.keys():
                told[folder_id] = self._not_signed(refusal, again=True)
        for folder_id, (_folder, _act, own) in fit.items():
            if not told[folder_id]["ok"]:
                self._give_back_marks(signing, own)

    @api.model
    def _parts(self, acts):
        """These folders by parts that are in memory together: a bounded number of bytes, one folder at least."""
        part, size = {}, 0
        for folder_id, one in acts.items():
            # Sizes of documents the user signs.
            pieces_sudo = one[0].sudo().piece_ids
            own = sum(piece._current().size for piece in pieces_sudo)
            if part and size + own > MAX_BYTES:
                yield part
                part, size = {}, 0
            part[folder_id], size = one, size + own
        if part:
            yield part

    def _sign_jobs(self, act, told):
        """What ``gov.sign._batch`` signs of one folder; nothing of it when a document does not do."""
        # Documents are the platform's; turn, version and key were checked.
        folder_sudo, jobs = self.sudo(), []
        for piece in folder_sudo.piece_ids:
            base = piece._current()
            try:
                content, field_name = folder_sudo._with_box(
                    piece, base._read_content(), act.step
                )
            except UserError as refusal:
                told[self.id] = self._not_signed(refusal)
                return []
            jobs.append(
                {
                    "mark": (self.id, piece, base, field_name),
                    "pdf": content,
                    "field_name": field_name,
                    **folder_sudo._drawn(piece, act),
                }
            )
        return jobs

    @api.model
    def _keep_results(self, results, acts, told):
        """Keep the documents of each folder once all of them are signed, or none of them."""
        made = {}
        for result in results:
            folder_id, *place = result.mark
            made.setdefault(folder_id, []).append((place, result))
        for folder_id, signed in made.items():
            folder, act, _marks = acts[folder_id]
            told[folder_id] = self._keep_folder(folder, act, signed)

    def _keep_folder(self, folder, act, made):
        """Keep what was signed of one folder, in a savepoint of its own."""
        try:
            with self.env.cr.savepoint():
                # Documents are the platform's; turn, version and key were checked.
                folder_sudo = folder.sudo()
                for (piece, base, field_name), result in made:
                    if not result.ok:
                        raise UserError(folder._not_made(result.why))
                    folder._check_timestamp(result.level)
                    folder_sudo._record_signature(
                        piece,
                        act,
                        base=base,
                        version=folder_sudo._store_version(piece, result.pdf),
                        field_name=field_name,
                        found=result.found,
                    )
                folder._after_signature(act)
        except UserError as refusal:
            again = any(one.pending for _place, one in made)
            return self._not_signed(refusal, again=again)
        return {"ok": True, "error": False, "again": False}

    def _not_made(self, why):
        return self.env._(
            "%(folder)s was not signed: %(reason)s.",
            folder=self.display_name,
            reason=(why or "").rstrip("."),
        )
