"""Run Odoo and write one JSON line for each test that ends.

Started by ``make test`` with the virtual environment's Python. The file descriptor to
write to comes in MAKTAB_RESULTS_FD; everything else is Odoo's own command line.
"""

import json
import os
import time

import odoo.cli
from odoo.tests.result import OdooTestResult

OUT = os.fdopen(int(os.environ["MAKTAB_RESULTS_FD"]), "w", buffering=1)


class Recorder:
    """Keeps what happened to the test that runs now."""

    def __init__(self):
        self.started = None
        self.outcome = "passed"
        self.text = ""

    def begin(self):
        """A test starts."""
        self.__init__()
        self.started = time.monotonic()

    def note(self, outcome, text):
        """The running test failed, broke or was skipped; the first failure counts."""
        if self.outcome in ("passed", "skipped"):
            self.outcome, self.text = outcome, text
        elif outcome != "skipped":
            self.text += f"\n{text}"

    def end(self, name):
        """Write the line of the test ``name``."""
        seconds = time.monotonic() - self.started if self.started else 0.0
        line = {
            "test": name,
            "outcome": self.outcome,
            "seconds": round(seconds, 3),
            "text": self.text,
        }
        OUT.write(json.dumps(line) + "\n")
        self.__init__()


RECORDER = Recorder()


def _wrap(name, after):
    original = getattr(OdooTestResult, name)

    def method(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        after(self, *args, **kwargs)
        return result

    setattr(OdooTestResult, name, method)


def _problem(outcome):
    def after(result, test, error):
        if result._soft_fail:
            return
        text = result._exc_info_to_string(error, test)
        RECORDER.note(outcome, text)
        # A class or module set-up that breaks belongs to no started test.
        if RECORDER.started is None:
            RECORDER.end(str(test))

    return after


def _skip(_result, test, reason):
    RECORDER.note("skipped", reason)
    if RECORDER.started is None:
        RECORDER.end(str(test))


def _name(test):
    parts = type(test).__module__.removeprefix("odoo.addons.").split(".")
    return f"{parts[0]}: {type(test).__qualname__}.{test._testMethodName}"


_wrap("startTest", lambda _result, _test: RECORDER.begin())
_wrap("addError", _problem("failed"))
_wrap("addFailure", _problem("failed"))
_wrap("addSkip", _skip)
_wrap("stopTest", lambda _result, test: RECORDER.end(_name(test)))


if __name__ == "__main__":
    odoo.cli.main()
