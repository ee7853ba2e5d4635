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


class FormRefused(UserError):
    """Answers to a form that cannot be kept, or that are not complete. Nothing of them was stored.

    The message is one sentence that lists every mistake by label; `mistakes` gives them one by one, for a page that shows
    each beside its question: key of the question (or of what was sent and is not in the form) -> what to do.
    """

    def __init__(self, sentence, mistakes):
        super().__init__(sentence)
        self.sentence = sentence
        self.mistakes = mistakes
