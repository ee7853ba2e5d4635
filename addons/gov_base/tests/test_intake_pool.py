import errno
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
import zlib

import psutil

from odoo.tests import BaseCase, tagged

from ..lib.intake import Limits, Refusal, inspect, pool, sandbox
from . import intake_files as files

MIB = 1024 * 1024


@tagged("alone", "standard", "at_install")
class TestIntakePool(BaseCase):
    """The limited process: bounded, replaced, never the caller's problem."""

    def setUp(self):
        super().setUp()
        self.pool = pool.Pool(size=1)
        self.addCleanup(self.pool.close)
        self.patch(pool, "shared", self.pool)

    def run_pdf(self, content=None, limits=None, patience=5.0):
        return self.pool.run(
            content or files.pdf(), "pdf", "pdf", limits or Limits(), patience
        )

    def warm(self):
        """A process that waits; its pid."""
        self.run_pdf()
        return self.pool.idle[0].pid

    def wait_end(self, pid):
        """Wait until `pid` is gone, or only waits to be collected by the system."""
        for _number in range(100):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                        return
            except OSError:
                return
            time.sleep(0.1)
        self.fail(f"process {pid} is still there")

    def test_one_process_serves_many_files(self):
        pid = self.warm()
        for _number in range(20):
            self.assertEqual(self.run_pdf(files.pdf(pages=2))[0], 2)
        self.assertEqual(self.pool.idle[0].pid, pid)
        self.pool.idle[0].served = pool.MAX_SERVED
        self.assertNotEqual(self.warm(), pid)
        self.wait_end(pid)

    def test_it_is_not_a_child_of_the_server(self):
        pid = self.warm()
        self.assertNotIn(pid, [child.pid for child in psutil.Process().children()])

    def test_a_process_that_died_while_idle_is_replaced(self):
        pid = self.warm()
        os.kill(pid, signal.SIGKILL)
        self.wait_end(pid)
        self.assertEqual(self.run_pdf()[0], 1)

    def test_a_process_that_dies_under_a_file_refuses_the_file(self):
        pid = self.warm()
        os.kill(pid, signal.SIGSTOP)
        killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
        killer.start()
        with self.assertRaises(Refusal) as caught:
            self.run_pdf()
        killer.join()
        self.assertEqual(caught.exception.code, "unreadable")
        self.assertEqual(self.run_pdf()[0], 1)

    def test_a_process_that_does_not_answer_is_ended_and_the_file_deferred(self):
        pid = self.warm()
        os.kill(pid, signal.SIGSTOP)
        started = time.monotonic()
        report = inspect(files.pdf(), "a.pdf", Limits(wall_seconds=0.5))
        self.assertLess(time.monotonic() - started, 5)
        self.assertIsNone(report.refusal)
        self.assertFalse(report.bounded)
        self.assertIn("0.5 s", report.deferred)
        self.wait_end(pid)
        self.assertEqual(self.run_pdf()[0], 1)

    def test_no_free_process_defers_but_still_refuses_what_is_certain(self):
        self.assertTrue(self.pool.slots.acquire(blocking=False))
        self.addCleanup(self.pool.slots.release)
        report = inspect(files.pdf(), "a.pdf", patience=0.05)
        self.assertEqual((report.refusal, report.bounded), (None, False))
        for code, content, name in (
            ("encrypted", files.encrypted_pdf(), "a.pdf"),
            ("empty", b"", "a.pdf"),
            ("unreadable", files.pdf()[:-8], "a.pdf"),
            ("macros", files.docx(word__vbaProject_dot_bin=b"x"), "a.docx"),
            ("too_many_pixels", files.png(60_000, 60_000, data=b""), "a.png"),
            ("bomb", files.docx(word__a_dot_bin=bytes(8 * MIB)), "a.docx"),
        ):
            self.assertEqual(inspect(content, name, patience=0.05).refusal.code, code)

    def test_a_process_that_cannot_start_defers(self):
        self.patch(pool, "WORKER", "/nonexistent/worker.py")
        report = inspect(files.pdf(), "a.pdf")
        self.assertEqual((report.refusal, report.bounded), (None, False))
        self.assertTrue(report.deferred)

    def test_processor_time_and_memory_are_bounded(self):
        pid = self.warm()
        with open(f"/proc/{pid}/limits") as stream:
            limits = stream.read()
        memory = Limits().memory_bytes
        self.assertRegex(limits, rf"Max address space\s+{memory}\s+{memory}")
        self.assertRegex(limits, r"Max file size\s+0\s+0")
        self.assertRegex(limits, r"Max core file size\s+0\s+0")
        soft = int(limits.split("Max cpu time")[1].split()[0])
        self.assertLessEqual(soft, Limits().cpu_seconds + 2)

    def test_memory_is_not_exceeded(self):
        # qpdf inflates object streams by itself: only the memory of the process bounds it.
        body = files.stream(
            zlib.compress(bytes(400 * MIB), 1),
            "/Filter /FlateDecode /Type /ObjStm /N 1 /First 4",
        )
        limits = Limits(memory_bytes=256 * MIB)
        with self.assertRaises(Refusal):
            self.run_pdf(files.object_stream_pdf(body), limits)
        if self.pool.idle:
            with open(f"/proc/{self.pool.idle[0].pid}/status") as status:
                peak = int(status.read().split("VmPeak:")[1].split()[0])
            self.assertLessEqual(peak, 256 * 1024)
        self.assertEqual(self.run_pdf()[0], 1)

    def test_processor_time_ends_a_slow_file(self):
        # 400,000 objects take more than a second; the process gets none.
        content = files.pdf(objects=["[[[]]]"] * 390_000)
        limits = Limits(cpu_seconds=0, max_file_bytes=100 * MIB, max_objects=10**6)
        report = inspect(content, "a.pdf", limits)
        self.assertEqual(report.refusal.code, "unreadable", report.refusal.detail)
        self.assertEqual(self.run_pdf()[0], 1)

    def test_it_ends_with_its_parent(self):
        pid = self.warm()
        self.pool.idle.pop().forget()
        self.wait_end(pid)

    def test_a_forked_child_leaves_the_parents_process_alone(self):
        self.run_pdf()
        worker = self.pool.idle[0]
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            # pragma: no cover - the child only answers on the pipe
            try:
                pages = self.pool.run(files.pdf(pages=4), "pdf", "pdf", Limits(), 5.0)[
                    0
                ]
                other = self.pool.idle[0].pid != worker.pid
                self.pool.close()
                os.write(writer, b"%d %d" % (pages, other))
            finally:
                os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        self.assertEqual(os.read(reader, 20), b"4 1")
        os.close(reader)
        self.assertEqual(self.run_pdf(files.pdf(pages=5))[0], 5)
        self.assertIs(self.pool.idle[0], worker)


# What a parser that was taken over would try; each line answers with its error number.
ATTEMPTS = """
import json, os, socket, sys
sys.path.insert(0, sys.argv[1])
import sandbox
before = open("/etc/hostname", "rb").read()
closed = sandbox.apply()
answers = {}
def attempt(name, action):
    try:
        action()
        answers[name] = 0
    except OSError as error:
        answers[name] = error.errno
attempt("read", lambda: open("/etc/passwd"))
attempt("write", lambda: open("/tmp/gov-intake-sandbox", "w"))
attempt("list", lambda: os.listdir("/"))
attempt("network", lambda: socket.socket())
attempt("unix", lambda: socket.socket(socket.AF_UNIX))
attempt("fork", lambda: os.fork())
attempt("exec", lambda: os.execv("/bin/true", ["true"]))
attempt("kill", lambda: os.kill(os.getppid(), 0))
attempt("delete", lambda: os.unlink("/tmp/gov-intake-sandbox"))
attempt("rename", lambda: os.rename("/tmp/a", "/tmp/b"))
attempt("folder", lambda: os.mkdir("/tmp/gov-intake-sandbox"))
print(json.dumps([closed, answers]))
"""


@tagged("alone", "standard", "at_install")
class TestIntakeSandbox(BaseCase):
    """The process that parses can reach nothing: neither files nor sockets nor programs."""

    def attempts(self):
        folder = os.path.dirname(os.path.abspath(sandbox.__file__))
        done = subprocess.run(
            [sys.executable, "-I", "-c", ATTEMPTS, folder],
            capture_output=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

    def test_every_door_is_shut(self):
        closed, answers = self.attempts()
        if not closed:
            self.skipTest(
                f"this kernel or processor ({platform.machine()}) has no filter"
            )
        self.assertEqual(set(answers.values()), {errno.EPERM}, answers)

    def test_the_process_of_the_pool_is_closed(self):
        pages = pool.shared.run(files.pdf(), "pdf", "pdf", Limits(), 5.0)[0]
        self.assertEqual(pages, 1)
        worker = pool.shared.idle[-1]
        with open(f"/proc/{worker.pid}/status") as status:
            filtered = "Seccomp:\t2" in status.read()
        self.assertEqual(worker.closed, filtered)
        self.assertEqual(worker.closed, self.attempts()[0])

    def test_filters(self):
        self.assertIsNone(sandbox.build("unknown"))
        for machine in sandbox.DENIED:
            code = sandbox.build(machine)
            self.assertEqual(len(code) % 8, 0)
            # Jumps are counted in one byte.
            self.assertLess(len(code) // 8, 250)
