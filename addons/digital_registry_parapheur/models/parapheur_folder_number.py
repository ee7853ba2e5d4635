from odoo import models


class ParapheurFolder(models.Model):
    """After the last signature: the numbers are asked for, the seals print them."""

    _inherit = "parapheur.folder"

    def _after_last_act(self):
        if not self.register_id:
            return super()._after_last_act()
        self._become("closing")
        self._complete()
        items = self._final_inputs()
        numbered = items[:1] if self.register_mode == "act" else items
        for item in numbered:
            others = [one for one in items if one not in numbered]
            letter = self._take_number(item, others)
            item["piece"].registry_letter_id = letter
        # The folder is found from its first letter too.
        self.write({"registry_letter_id": items[0]["piece"].registry_letter_id.id})
        return None

    def _take_number(self, item, others):
        """Register a signed document; its number comes after the commit. Hook of bridges.

        :param dict item: of :meth:`_final_inputs`
        :param list others: items that go along under the same number
        :return: the ``registry.letter``
        """
        return self.env["registry.letter"]._register_born_digital(
            {
                **self._registration_vals(item["piece"]),
                "document_ids": self._going_along(item["piece"], others),
            },
            pdf=item["pdf"],
            seal_field=item["seal_field"],
            filename=item["filename"],
        )

    def _registration_vals(self, piece):
        """What the line of the register says of one document."""
        subject = self.title
        if self.register_mode != "act" and len(self.piece_ids) > 1:
            place = self.piece_ids.ids.index(piece.id) + 1
            subject = f"{subject} ({place}/{len(self.piece_ids)})"
        return {
            "register_id": self.register_id.id,
            "subject": subject,
            "language": self.language,
            "unit_id": self.unit_id.id,
            "parties": [{"role": "recipient", "name": self.recipient_name}],
        }

    def _going_along(self, piece, others):
        """Ids of copies for the register: signed documents of the same act, annexes.

        Annexes go with the first document only: each of them is in one line.
        """
        versions = [item["piece"]._current() for item in others]
        if piece == self.piece_ids[:1]:
            versions += self.annex_ids.sorted("id").current_version_id
        return self._copies(versions)

    def _copies(self, versions, role="annex"):
        """Ids of documents like these, that belong to nobody yet; content is kept once."""
        documents = self.env["gov.document"]
        for version in versions:
            copy = documents._store_generated(
                version._read_content(),
                version.filename,
                version.mime,
                company=self.company_id,
                role=role,
                pages=version.pages,
            )
            documents |= copy.document_id
        return documents.ids

    # ------------------------------------------------------------------
    # The seals
    # ------------------------------------------------------------------
    def _seal_number(self, piece):
        letter = self.registry_letter_id
        if piece.registry_letter_id or not letter.number or not self.register_id:
            return super()._seal_number(piece)
        place = self.piece_ids.ids.index(piece.id) + 1
        return f"{letter.number} ({place}/{len(self.piece_ids)})"

    def _public_number(self):
        return self.number or super()._public_number()

    def _slip_number(self):
        return self.number or super()._slip_number()

    def _process_each(self, what, domain, limit):
        if what == "closing":
            # The register's batch closes what it numbers; here it is only taken over.
            waiting = [
                ("registry_letter_id", "!=", False),
                ("registry_letter_id.closing_state", "!=", "closed"),
            ]
            domain = [*domain, ("piece_ids", "not any", waiting)]
        return super()._process_each(what, domain, limit)

    def _closing_now(self):
        letters = self.piece_ids.registry_letter_id
        if not letters or not self.register_id:
            return super()._closing_now()
        if any(letter.closing_state != "closed" for letter in letters):
            # Each letter that gets its seal asks; the last one ends the folder.
            return None
        contents = []
        for item in self._final_inputs():
            letter = item["piece"].registry_letter_id
            if letter:
                item["piece"].proof_id = letter.closing_proof_id
                contents.append(letter.closing_version_id)
            else:
                contents.append(self._closed_pdf(item["piece"], item["pdf"]))
        self.write({"closing_attempts": 0, "closing_next_at": False})
        return self._set_final(contents)

    # ------------------------------------------------------------------
    # Links
    # ------------------------------------------------------------------
    def action_open_registered(self):
        """Open what this folder became in the register.

        :return: window action: the letter, or the list of them
        :raise AccessError: no role in the register
        """
        self.ensure_one()
        self.check_access("read")
        # Which letters they are is on the folder; reading them takes the register's rights.
        letters = self.sudo()._letters().with_env(self.env)
        letters.check_access("read")
        return letters._get_records_action()
