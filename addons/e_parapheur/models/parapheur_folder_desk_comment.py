from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from odoo.addons.gov_base.lib import given, text

from .gov_circuit_step import SIGNATURE

MAX_COMMENT = 4000


class ParapheurFolder(models.Model):
    """Comments on a folder: for everybody who reads it, or for the persons whom one names."""

    _inherit = "parapheur.folder"

    def action_comment(self, words):
        """Write a comment that everybody who reads the folder reads.

        :param str words: the comment
        :return: True
        :raise UserError: nothing written, or too long
        """
        self.ensure_one()
        self.check_access("read")
        self.message_post(
            body=self._clean_comment(words),
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        return True

    def action_comment_privately(self, words, user_ids=None):
        """Write a comment that only oneself and the persons one names read.

        It is in no slip and in no evidence file, and auditors and administrators do not read it.

        :param str words: the comment
        :param list user_ids: ``res.users`` who read it; nobody else when empty
        :return: True
        :raise UserError: nothing written, too long, a person who may not read the folder, or a
            folder in the archive
        """
        self.ensure_one()
        self.check_access("read")
        if self._is_kept():
            raise self._kept_sentence()
        words = self._clean_comment(words)
        readers = self._comment_readers(given.record_ids(user_ids))
        # Nobody has rights on private comments; who may read them was checked.
        self.env["parapheur.private.comment"].sudo().create(
            {
                "folder_id": self.id,
                "company_id": self.company_id.id,
                "author_id": self.env.uid,
                "reader_ids": readers.ids,
                "body": words,
            }
        )
        self._event("folder.commented_privately", {"readers": sorted(readers.ids)})
        if readers:
            # Told that there are words for them, never the words.
            self.sudo().message_notify(
                partner_ids=readers.sudo().partner_id.ids,
                subject=self.reference,
                body=self.env._(
                    "%(name)s wrote to you about %(folder)s. Read it at your desk.",
                    name=self.env.user.name,
                    folder=self.reference,
                ),
            )
        return True

    def _clean_comment(self, words):
        words = text.clean_block(words or "")
        if not words:
            raise UserError(self.env._("Write your comment first."))
        if len(words) > MAX_COMMENT:
            raise UserError(
                self.env._(
                    "The comment is too long: %(length)s signs, %(limit)s at most.",
                    length=len(words),
                    limit=MAX_COMMENT,
                )
            )
        return words

    def _comment_readers(self, user_ids):
        known = self._readers()
        readers = known.filtered(lambda user: user.id in user_ids)
        if set(readers.ids) != set(user_ids) - {self.env.uid}:
            raise AccessError(
                self.env._(
                    "One of these persons does not read this folder: choose among those "
                    "whom it has reached. Nothing was written."
                )
            )
        return readers

    def _readers(self):
        """Whom a private comment may be for: those whom the folder has reached, the author apart."""
        # Who reads a folder is known to those who read it.
        folder_sudo = self.sudo()
        people_sudo = folder_sudo.initiator_id | folder_sudo.actor_ids
        if not self.is_restricted:
            people_sudo |= self.env["parapheur.secretary"]._secretaries(
                folder_sudo.run_id.current_user_ids, self.company_id
            )
        there = self.env["gov.access"]._present(people_sudo, self.company_id)
        return there - self.env.user

    # ------------------------------------------------------------------
    # What the desk shows
    # ------------------------------------------------------------------
    def _desk_people(self):
        # Names of colleagues are shown to those who read the folder.
        readers_sudo = self._readers().sudo()
        return [{"id": one.id, "name": one.name} for one in readers_sudo.sorted("name")]

    def _desk_comments(self):
        """Words of those who acted and comments, in order."""
        said = self._said_in_acts() + self._said_to_all() + self._said_privately()
        return sorted(said, key=lambda one: one["when"])

    def _said_in_acts(self):
        return [
            self._said(
                actor.acted_name,
                actor.acted_at,
                actor.comment or "",
                what=actor.decision or "",
                what_text=self._decision_text(actor),
                step=actor.step_id.name,
                undone=actor.state == "recalled" or actor.step_id.state == "returned",
            )
            for actor in self.run_id.actor_ids
            if actor.acted_at
        ]

    def _said_to_all(self):
        # Names of authors are shown to everybody who reads the folder.
        messages_sudo = self.sudo().message_ids.filtered(
            lambda one: one.message_type == "comment" and one.author_id
        )
        return [
            self._said(
                message.author_id.name,
                message.date,
                html2plaintext(message.body).strip(),
                what="comment",
            )
            for message in messages_sudo
        ]

    def _said_privately(self):
        """What the user wrote for some, or was written for him."""
        # Nobody has rights on private comments: those of the user alone are taken.
        comments_sudo = (
            self.env["parapheur.private.comment"]
            .sudo()
            .search(
                [
                    ("folder_id", "=", self.id),
                    "|",
                    ("author_id", "=", self.env.uid),
                    ("reader_ids", "in", self.env.uid),
                ]
            )
        )
        return [
            self._said(
                comment.author_id.name,
                comment.written_at,
                comment.body,
                what="private",
                readers=comment.reader_ids.mapped("name"),
            )
            for comment in comments_sudo
        ]

    @api.model
    def _said(self, who, when, words, **more):
        return {
            "who": who,
            "when": fields.Datetime.to_string(when),
            "what": "",
            "what_text": "",
            "step": "",
            "words": words,
            "undone": False,
            "readers": [],
        } | more

    @api.model
    def _decision_text(self, actor):
        labels = dict(actor._fields["decision"]._description_selection(self.env))
        if actor.decision == "approve" and actor.step_id.kind == SIGNATURE:
            return self.env._("Signed")
        return labels.get(actor.decision, "")
