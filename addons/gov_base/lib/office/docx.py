"""Word files with merge fields: asked of a process that computes and cannot do anything else."""

import importlib.util
import json
import os
import subprocess
import sys
from typing import NamedTuple

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "docx_worker.py")
SECONDS = 40
#: what a filled in letter may weigh
MAX_RESULT = 40 * 1024 * 1024


class Problem(NamedTuple):
    """What is wrong with a template: ``code``, the words it is about, and where they stand."""

    code: str
    words: str
    part: str
    place: str


class Wrong(Exception):
    """The file is no template that can be filled in; ``problems`` says why."""

    def __init__(self, problems):
        super().__init__(problems[0].code)
        self.problems = problems


def inspect(content, keys, loops=None):
    """Find the merge fields of a Word file, and what is wrong with them.

    :param bytes content: a .docx that the intake let in
    :param keys: names of merge fields that may stand in it
    :param dict loops: name of a list -> names of the merge fields of its items
    :return: (names found in order of first use, problems)
    :rtype: tuple[list[str], list[Problem]]
    """
    answer, _rest = _ask(content, {"op": "inspect", **_allowed(keys, loops)})
    return answer["keys"], [Problem(*one) for one in answer["problems"]]


def fill(content, values, keys, loops=None):
    """Fill in a Word file. Values are text, whatever they hold.

    :param bytes content: a .docx that the intake let in
    :param dict values: name -> text; name of a list -> list of dicts, name of an item -> text
    :return: the .docx
    :rtype: bytes
    :raise Wrong: something in the file is not a merge field of ``keys`` and ``loops``
    """
    answer, filled = _ask(
        content, {"op": "fill", "values": values, **_allowed(keys, loops)}
    )
    if answer["problems"]:
        raise Wrong([Problem(*one) for one in answer["problems"]])
    return filled


def _allowed(keys, loops):
    return {
        "keys": list(keys),
        "loops": {name: list(items) for name, items in (loops or {}).items()},
    }


def _ask(content, request):
    """One request to a fresh process; whatever ends it is an answer about the file."""
    header = json.dumps(request).encode()
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-B", WORKER, *_folders()],
            input=header + b"\n" + content,
            capture_output=True,
            start_new_session=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Wrong([Problem("heavy", "", "", "")]) from error
    head, _newline, rest = ended.stdout.partition(b"\n")
    if ended.returncode or not head or len(rest) > MAX_RESULT:
        raise Wrong([Problem("heavy", "", "", "")])
    return json.loads(head), rest


def _folders():
    """Where the libraries are installed: isolated mode forgets PYTHONPATH and the user's own packages."""
    specs = (
        importlib.util.find_spec(name) for name in ("docxtpl", "docx", "lxml", "jinja2")
    )
    return sorted(
        {
            os.path.dirname(os.path.dirname(spec.origin))
            for spec in specs
            if spec and spec.origin
        }
    )
