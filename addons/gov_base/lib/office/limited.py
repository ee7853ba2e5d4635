"""Start a program with bounds and without network: ``python -I limited.py CPU MEMORY FILE PROGRAM ARGUMENTS…``.

The limits and the filter are inherited and cannot be taken back: seconds of processor, bytes of memory of one process,
bytes of one file; no connection but to itself.
"""

import importlib.util
import os
import resource
import sys


def sandbox():
    path = os.path.join(
        os.path.dirname(os.path.abspath(__file__)), os.pardir, "intake", "sandbox.py"
    )
    spec = importlib.util.spec_from_file_location("sandbox", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    cpu, memory, size = (int(value) for value in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    sandbox().apply_offline()
    program = sys.argv[4:]
    os.execv(program[0], program)


if __name__ == "__main__":
    main()
