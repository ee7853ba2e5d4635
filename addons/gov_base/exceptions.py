from odoo.exceptions import UserError


class IntakeRefused(UserError):
    """A file that may not come in. Nothing of it was stored.

    `code` is stable and for programs (see ``lib/intake/report.py``); `sentence` is for the person who chose the file, in the
    language of the environment, and says what to do.
    """

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
