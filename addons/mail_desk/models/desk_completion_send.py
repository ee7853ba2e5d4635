from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.modules import module as odoo_module
from odoo.tools import format_date

from odoo.addons.gov_base.lib import text

ATTEMPTS = 6
LANGUAGES = {"ar": "ar_MA", "zgh": "zgh", "en": "en_US"}


class DeskCompletion(models.Model):
    """The e-mail that carries a request, and the day on which it should have been answered."""

    _inherit = "desk.completion"

    @api.model
    def _process_completions(self, limit=50):
        """Cron: send the requests that leave by e-mail, note those whose day is past.

        :param int limit: at most so many of each in one run
        """
        now = fields.Datetime.now()
        ready = ["|", ("next_attempt_at", "=", False), ("next_attempt_at", "<=", now)]
        sending = [("send_state", "=", "pending"), *ready]
        overdue = [
            ("state", "=", "asked"),
            ("overdue_noted", "=", False),
            ("due_date", "<", fields.Date.today() + timedelta(days=1)),
        ]
        work = [(self._send_one, one) for one in self.search(sending, limit=limit)]
        work += [
            (self._note_overdue, one)
            for one in self.search(overdue, limit=limit, order="due_date")
        ]
        for number, (method, completion) in enumerate(work, 1):
            if completion.try_lock_for_update(allow_referencing=True):
                method(completion)
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(
                1, remaining=len(work) - number
            ):
                return

    @api.model
    def _note_overdue(self, completion):
        """Tell who treats the letter that the sender did not answer in time, once."""
        if completion.due_date >= completion.company_id._gov_today():
            return
        completion._set(overdue_noted=True)
        completion._log("completion_overdue", {"due": completion.due_date})
        letter = completion.letter_id
        letter._desk_remind(
            letter._desk_responsible(),
            lambda env: env._("The sender did not answer in time: decide what to do"),
            completion.due_date,
        )

    @api.model
    def _send_one(self, completion):
        """Hand one request to the mail server; a failure is written, not raised."""
        completion.invalidate_recordset()
        if completion.send_state != "pending":
            return
        error = completion._mail_error()
        attempts = completion.attempts + 1
        if not error:
            completion._set(send_state="sent", attempts=attempts, error=False)
            return
        completion._set(
            attempts=attempts,
            error=error,
            next_attempt_at=fields.Datetime.now()
            + timedelta(minutes=min(2**attempts, 240)),
        )
        if attempts >= ATTEMPTS:
            completion._give_up()

    def _give_up(self):
        """The e-mail could not leave: without another way the request failed."""
        self._set(send_state="none")
        if self.state == "asked" and self.channel == "email":
            self._fail()

    def _mail_error(self):
        """Send the message; return what went wrong in one line, or None."""
        mail = self.env["mail.mail"].create(self._mail_vals())
        error, _final = mail._gov_hand_over(f"Request {self.id}")
        return error

    def _mail_vals(self):
        """Return the message: its title says nothing of the letter to whoever sees it."""
        letter = self.letter_id
        code = LANGUAGES.get(letter.language, "fr_FR")
        if not self.env["res.lang"]._get_data(code=code):
            code = self.env.lang
        completion = self.with_context(lang=code)
        office = letter.office_id.with_context(lang=code)
        company = self.company_id.with_context(lang=code)
        lines = completion._mail_lines()
        body = Markup("").join(Markup("<p>%s</p>") % line for line in lines)
        return {
            "subject": completion.env._("Your letter: something is missing"),
            "body_html": Markup('<div dir="auto">%s</div>') % body,
            "email_to": text.clean_line(self.address),
            "email_from": (
                office.email
                or company.gov_email
                or company.email_formatted
                or self.env.user.email_formatted
            ),
            "auto_delete": False,
        }

    def _mail_lines(self):
        """Return the paragraphs of the message, in its language."""
        env, letter = self.env, self.letter_id
        office = letter.office_id.with_context(lang=env.lang)
        company = self.company_id.with_context(lang=env.lang)
        lines = [
            env._(
                "To go on with your letter %(number)s we need from you:",
                number=letter.number or "",
            ),
            Markup("<br/>").join(self.question.split("\n")),
        ]
        if self.due_date:
            day = format_date(env, self.due_date)
            lines.append(env._("Please answer by %(date)s.", date=day))
        if self.stops_clock:
            lines.append(
                env._("Until you answer, the time of the administration does not run.")
            )
        lines.append(self._mail_how())
        lines.append(
            Markup("%s<br/>%s") % (office.name, company.gov_name or company.name)
        )
        return lines

    def _mail_how(self):
        """Return how to answer. A bridge names its page."""
        office = self.letter_id.office_id.with_context(lang=self.env.lang)
        return self.env._(
            "Answer by letter or at the desk “%(office)s”, and name the number above.",
            office=office.name,
        )
