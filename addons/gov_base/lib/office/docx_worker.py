"""The process that reads and fills in one Word file: ``python -I docx_worker.py FOLDERS…``.

A JSON line and the file come in, a JSON line and the filled in file go out. Once everything is loaded it can open no
file and no connection (``intake/sandbox``) and has a bound of memory and time. What a template may say is a closed
list (``docx_words``): merge fields, conditions on them, rows of a list; Jinja's own sandbox stands behind.
"""

import importlib.util
import io
import json
import os
import resource
import sys

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 25
HERE = os.path.dirname(os.path.abspath(__file__))


def load(name, *folders):
    path = os.path.join(HERE, *folders, f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def close():
    """Lower the limits and shut the doors, once everything is loaded."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    load("sandbox", os.pardir, "intake").apply()


def main():
    sys.path.extend(folder for folder in sys.argv[1:] if folder not in sys.path)
    words = load("docx_words")
    words.rehearse()
    close()
    incoming = sys.stdin.buffer
    request = json.loads(incoming.readline())
    content = io.BytesIO(incoming.read())
    keys, loops = set(request["keys"]), request["loops"]
    filled = b""
    try:
        found, problems = words.inspect(content, keys, loops)
        if request["op"] == "fill" and not problems:
            filled, problems = words.fill(content, request["values"])
    except words.Unreadable:
        found, problems = [], [("unreadable", "", "", "")]
    except words.Heavy:
        found, problems = [], [("heavy", "", "", "")]
    answer = {"keys": found, "problems": problems}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + filled)


if __name__ == "__main__":
    main()
