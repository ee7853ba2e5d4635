"""Reports of mail servers about a message of ours (RFC 3464, RFC 3834). Pure Python.

What comes to the address that bounces go to may be a report of delivery, an automatic answer
of a person who is away, or anything else: only a report that names a failure is one.
"""

import email
import email.policy
import re
from typing import NamedTuple

#: what a report says of the message (RFC 3464 §2.3.3); "unknown" is no report at all
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
REASON = 300
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_TYPED = re.compile(r"^\s*[\w-]+\s*;\s*")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_ORIGINALS = {"message/rfc822", "text/rfc822-headers", "message/global"}
#: answers that programs give for people, and what they say of themselves
_AUTOMATIC = re.compile(r"^\s*auto-(?:replied|notified)", re.I)
#: most recipients of which one report is read: a message of ours has one
MOST = 100


class Report(NamedTuple):
    """What a server, or a program, says about one message of ours."""

    action: str  # one of ACTIONS, "automatic" or "unknown"
    reason: str
    recipient: str
    message_ids: tuple


def _field(message, name):
    """A field as it was written: a strict parser stumbles over what strangers write."""
    wanted = name.lower()
    found = (value for key, value in message.raw_items() if key.lower() == wanted)
    return str(next(found, ""))


def _line(text, limit):
    """One line of what a stranger's server says, without control signs."""
    blanks = " ".join(str(text or "").split())
    return "".join(char for char in blanks if char.isprintable())[:limit].strip()


def read(message):
    """Read what came back.

    :param message: ``email.message.EmailMessage``, as a stranger wrote it
    :rtype: Report
    """
    parts = list(message.walk())
    ids = _message_ids(message, parts)
    groups = [
        group for part in parts if _kind(part) in _REPORTS for group in _groups(part)
    ]
    told = [group for group in groups if group.get("action") in ACTIONS]
    if told:
        # One message of ours has one recipient: the worst that is said of it counts.
        worst = min(told, key=lambda group: ACTIONS.index(group["action"]))
        return Report(worst["action"], _reason(worst), worst.get("recipient", ""), ids)
    automatic = _AUTOMATIC.match(_field(message, "Auto-Submitted"))
    if automatic or _field(message, "X-Autoreply"):
        return Report("automatic", _line(message.get("Subject"), REASON), "", ids)
    return Report("unknown", _line(message.get("Subject"), REASON), "", ids)


def _kind(part):
    return part.get_content_type().lower()


def _groups(part):
    """The fields of each recipient in a report, names in lower case."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else _blocks(str(payload))
    for block in blocks[:MOST]:
        fields = {name.lower(): str(value) for name, value in block.raw_items()}
        action = fields.get("action", "").strip().lower()
        recipient = (
            fields.get("final-recipient") or fields.get("original-recipient") or ""
        )
        yield {
            **fields,
            "action": action.split(" ")[0].rstrip(";"),
            "recipient": _line(_TYPED.sub("", recipient), 254),
        }


def _blocks(text):
    return [
        email.message_from_string(block, policy=email.policy.compat32)
        for block in re.split(r"\r?\n\r?\n", text, maxsplit=MOST)[:MOST]
    ]


def _reason(group):
    """What the server said, after its code when it says none itself."""
    said = _line(_TYPED.sub("", group.get("diagnostic-code", "")), REASON)
    status = _line(group.get("status", ""), 20)
    if said and _STATUS.search(said):
        return said
    return _line(f"{status} {said}", REASON)


def _message_ids(message, parts):
    """The identifiers of the messages that came back, or that are answered."""
    texts = [_field(message, name) for name in ("In-Reply-To", "References")]
    for part in parts:
        if _kind(part) not in _ORIGINALS:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            originals = payload
        else:
            originals = [
                email.message_from_string(str(payload), policy=email.policy.compat32)
            ]
        texts += [
            _field(original, name)
            for original in originals
            for name in ("Message-Id", "X-Microsoft-Original-Message-ID")
        ]
    found = (found for text in texts for found in _MESSAGE_ID.findall(text))
    return tuple(dict.fromkeys(found))[:20]
