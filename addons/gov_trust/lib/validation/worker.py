"""The process that judges hostile files: a zygote, and one child with limits per file.

Started by :mod:`.service` as ``python -I worker.py FD PATH…``, alone in its session, with
an empty environment and one socket. It imports what judging needs once; each file arrives
as a descriptor and is judged in a fork of it, under limits of the kernel. Nothing is
written to disk: the child may not even make a file grow.
"""

import importlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time


def main():
    control = socket.socket(fileno=int(sys.argv[1]))
    sys.path[:0] = sys.argv[2:]
    engine, limits = (
        importlib.import_module(f"lib.validation.{name}")
        for name in ("engine", "limits")
    )

    warm_up(engine)
    Zygote(control, limits, engine).serve()


def warm_up(engine):
    """Import now what every file needs: a fork then shares it."""
    engine.preload()


class Zygote:
    """Forks a child per file and tells how each ended."""

    def __init__(self, control, limits, engine):
        self.control, self.limits, self.engine = control, limits, engine
        self.children = {}
        self.woken, waker = os.pipe()
        for end in (self.woken, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self):
        """Until the other end of the control socket is closed."""
        while True:
            timeout = 1.0 if self.children else None
            ready, _, _ = select.select([self.control, self.woken], [], [], timeout)
            if self.woken in ready:
                os.read(self.woken, 4096)
            self.reap()
            if self.control in ready and not self.accept():
                break
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def accept(self):
        """Take one file; False when nobody is left to ask."""
        message, fds, _flags, _address = socket.recv_fds(self.control, 64, 3)
        if not message:
            return False
        reply, file, told = fds
        # Whoever asked and reads no more must not hold up the others.
        with socket.socket(fileno=os.dup(reply)) as answer:
            wait = struct.pack("ll", self.limits.REPLY_SECONDS, 0)
            answer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, wait)
        pid = os.fork()
        if not pid:
            self.judge(reply, file, told)
        os.close(file)
        os.close(told)
        self.children[pid] = (reply, time.monotonic() + self.limits.WALL_SECONDS)
        return True

    def reap(self):
        """Tell the end of each child that ended; end those that take too long."""
        now = time.monotonic()
        for pid, (reply, deadline) in list(self.children.items()):
            late = now > deadline
            if late:
                os.kill(pid, signal.SIGKILL)
            done, status = os.waitpid(pid, 0 if late else os.WNOHANG)
            if done:
                del self.children[pid]
                code = "late" if late else os.waitstatus_to_exitcode(status)
                try:
                    os.write(reply, b"\n" + json.dumps({"end": code}).encode())
                except OSError:
                    code = None  # the one who asked is gone
                os.close(reply)

    def judge(self, reply, file, told):
        """In the child: judge and answer, under limits; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGXCPU):
                signal.signal(number, signal.SIG_DFL)
            self.control.close()
            for pid in self.children:
                os.close(self.children[pid][0])
            limit(self.limits)
            answer = self.engine.run_descriptors(file, told)
            with os.fdopen(reply, "wb", closefd=False) as out:
                out.write(answer)
            code = 0
        except MemoryError:
            code = 3
        finally:
            os._exit(code)


def limit(limits):
    """Put the limits of one file on this process."""
    os.nice(limits.NICE)
    for what, most in (
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_DATA, limits.MEMORY),
        (resource.RLIMIT_NOFILE, limits.OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
