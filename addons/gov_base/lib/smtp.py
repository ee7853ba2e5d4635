"""What a mail server answers to who hands it a message (RFC 5321 §4.2). Pure Python."""

import re


def is_final(failure):
    """Tell whether a mail server refused for good: a code 5xx about the recipient or the text.

    What it says of the sender or of the connection is a matter of configuration: trying again
    may succeed once it is set right.

    :param str failure: what the mail queue kept of the failure
    :rtype: bool
    """
    text = str(failure or "")
    if "SMTPRecipientsRefused" in text or "SMTPDataError" in text:
        return bool(re.search(r"\(5\d\d,", text))
    return False
