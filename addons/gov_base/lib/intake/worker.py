"""The limited process: reads requests on one socket, parses, answers. Started by `pool` as
``python -I worker.py FD MEMORY FOLDERS…``.

A request is a length, that much JSON `{"kind", "extension", "size", "limits", "options"}`, and `size` bytes; the answer is a JSON
line, followed by a file when it has a `"size"`. The process has no address space beyond its limit, can open neither file nor socket and start nothing (`sandbox`), and ends by
itself when idle or when the other side is gone. Whatever kills it (memory, CPU time, a crash of a parser) is an answer too: the pool sees the
end of the stream.
"""

import codecs
import contextlib
import importlib.util
import json
import os
import resource
import select
import socket
import struct
import sys

IDLE_SECONDS = 600
MAX_HEADER = 16_384
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "latin-1"),
    *("cp437", "cp1252", "cp1256", "iso8859-6", "unicode_escape"),
)
PACKAGE = "gov_intake_worker"


def load():
    """Load this folder as a package without putting any folder of ours on `sys.path` (names there would shadow others)."""
    sys.path.extend(folder for folder in sys.argv[3:] if folder not in sys.path)
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        PACKAGE,
        os.path.join(folder, "__init__.py"),
        submodule_search_locations=[folder],
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)
    parts = {
        name: importlib.import_module(f"{PACKAGE}.{name}")
        for name in ("deep_pdf", "deep_image", "deep_office", "limits", "sandbox")
    }
    # Without PDFium files still come in; only their pages cannot be examined.
    with contextlib.suppress(ImportError):
        parts["hygiene"] = importlib.import_module(f"{PACKAGE}.hygiene_pdf")
    return parts


def rehearse(parts):
    """Load now what is loaded late: once the process is closed no module can be read any more."""
    for name in ENCODINGS:
        codecs.lookup(name)
    parts["deep_image"].load_formats()
    if "hygiene" in parts:
        parts["hygiene"].rehearse()


def bound(memory):
    """Limits that cannot be taken back: the hard values are lowered too."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(ValueError, OSError):
        # Not enforced for root, which is why the sandbox does not rest on it.
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def allow_cpu(seconds):
    """Give this request `seconds` of processor time beyond what the process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1])
    )


def read_exactly(link, size):
    data, at = bytearray(size), 0
    view = memoryview(data)
    while at < size:
        count = link.recv_into(view[at:], size - at)
        if not count:
            raise EOFError
        at += count
    return bytes(data)


def read_header(link):
    size = struct.unpack(">I", read_exactly(link, 4))[0]
    if size > MAX_HEADER:
        raise EOFError
    return json.loads(read_exactly(link, size))


def answer(parts, request, content):
    """The answer to one request, and the file that goes with it."""
    limits = parts["limits"].Limits(
        **{**request["limits"], "allowed": tuple(request["limits"]["allowed"])}
    )
    kind = request["kind"]
    try:
        if kind == "hygiene":
            if "hygiene" not in parts:
                raise ImportError("a package is missing on this machine: pypdfium2")
            return parts["hygiene"].examine(content, limits, request["options"])
        if kind == "pdf":
            pages, findings = parts["deep_pdf"].inspect(content, limits)
        elif kind == "zip":
            pages, findings = parts["deep_office"].inspect(
                content, request["extension"], limits
            )
        else:
            pages, findings = parts["deep_image"].inspect(content, kind, limits)
    except MemoryError:
        return {"refusal": "bomb", "detail": "memory", "params": {}}, b""
    except RecursionError:
        return {"refusal": "unreadable", "detail": "recursion", "params": {}}, b""
    except Exception as error:  # noqa: BLE001 every failure of a parser is an answer
        code = getattr(error, "code", None)
        if type(error).__name__ == "Refusal":
            told = {"refusal": code, "detail": error.detail, "params": error.params}
            return told, b""
        # Any other exception of a parser is a file that could not be read; the detail goes to the log.
        return {
            "refusal": "unreadable",
            "detail": f"{type(error).__name__}: {error}"[:300],
            "params": {},
        }, b""
    return {
        "pages": pages,
        "findings": [(finding.code, finding.count) for finding in findings],
    }, b""


def main():
    if os.fork():
        # The first half ends at once: the server is left without a child to look after.
        os._exit(0)
    link = socket.socket(fileno=int(sys.argv[1]))
    parts = load()
    rehearse(parts)
    bound(int(sys.argv[2]))
    closed = parts["sandbox"].apply()
    link.sendall(json.dumps({"pid": os.getpid(), "closed": closed}).encode() + b"\n")
    while True:
        if not select.select([link], [], [], IDLE_SECONDS)[0]:
            return
        try:
            request = read_header(link)
            content = read_exactly(link, request["size"])
        except (EOFError, OSError):
            return
        allow_cpu(int(request["limits"]["cpu_seconds"]))
        result, file = answer(parts, request, content)
        del content
        if file:
            result["size"] = len(file)
        link.sendall(json.dumps(result).encode() + b"\n")
        link.sendall(file)


if __name__ == "__main__":
    main()
