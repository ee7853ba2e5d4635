"""The process that judges hostile files: limits, deaths, threads, forks, queue."""

import io
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..lib.validation import limits, sentences, service as module, worker
from ..lib.validation.service import Service
from . import attack_hostile
from .attack_world import world
from .common_acts import page_pdf

LOGGER = "odoo.addons.gov_trust.lib.validation.service"


class ServiceCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = world()
        cls.service = Service()
        cls.addClassCleanup(cls.service.close)

    def validate(self, pdf):
        return self.service.validate(pdf, self.world.store)

    def codes(self, told):
        return [one["code"] for one in told["reasons"]]

    def zygote(self):
        self.validate(b"%PDF-")
        return self.service._process

    def children(self, pid):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(one) for one in told]


@tagged("standard")
class TestService(ServiceCase):
    def test_the_same_answer_as_in_process(self):
        from ..lib.validation import engine

        for pdf in (self.world.act(2, "B-LTA"), self.world.foreign(1), page_pdf()):
            told = self.validate(pdf)
            expected = engine.run(pdf, self.world.store)
            for key in ("verdict", "reasons", "revisions", "sha256", "size", "pages"):
                self.assertEqual(told[key], expected[key], key)

    def test_a_file_object(self):
        told = self.validate(io.BytesIO(self.world.act(1)))
        self.assertEqual(told["verdict"], "valid")

    def test_hostile_files_end_with_a_clear_answer(self):
        for name, make in attack_hostile.HOSTILE.items():
            with self.subTest(name):
                told = self.validate(make())
                self.assertIn(told["verdict"], ("indeterminate", "invalid"))
                self.assertTrue(told["reasons"])
                for one in told["reasons"]:
                    for lang in ("en", "fr", "ar"):
                        self.assertTrue(sentences.text(one, lang))
        self.assertEqual(self.validate(self.world.act(1))["verdict"], "valid")

    def test_limits_are_set_in_the_child(self):
        """Asked of the kernel, for a process that put the limits on itself."""
        code = (
            "import sys; sys.path[:0] = sys.argv[1:]\n"
            "from lib.validation import limits, worker\n"
            "worker.limit(limits)\n"
            "print(open('/proc/self/limits').read())"
        )
        folder = str(Path(module.__file__).parents[2])
        told = subprocess.run(
            [os.sys.executable, "-I", "-c", code, folder],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for line in (
            rf"Max cpu time +{limits.CPU_SECONDS} +{limits.CPU_SECONDS}",
            rf"Max address space +{limits.MEMORY} +{limits.MEMORY}",
            rf"Max data size +{limits.MEMORY} +{limits.MEMORY}",
            rf"Max open files +{limits.OPEN_FILES} +{limits.OPEN_FILES}",
            r"Max file size +0 +0",
            r"Max core file size +0 +0",
        ):
            self.assertRegex(told, line)
        self.assertEqual((limits.CPU_SECONDS, limits.MEMORY >> 20), (10, 512))
        self.assertTrue(callable(worker.main))

    def test_processor_time_runs_out(self):
        told = self.with_engine("while True: pass")
        self.assertEqual(self.codes(told), ["timeout"])

    def test_memory_runs_out(self):
        told = self.with_engine("held = [bytearray(1 << 20) for _n in range(2000)]")
        self.assertEqual(self.codes(told), ["out_of_memory"])

    def test_a_file_cannot_be_written(self):
        told = self.with_engine("open('/tmp/maktab-never', 'w').write('x' * 9)")
        self.assertEqual(self.codes(told), ["crashed"])
        self.assertFalse(
            Path("/tmp/maktab-never").exists()
            and Path("/tmp/maktab-never").stat().st_size
        )

    def test_the_child_crashes(self):
        told = self.with_engine("import os; os.kill(os.getpid(), 11)")
        self.assertEqual(self.codes(told), ["crashed"])

    def with_engine(self, statement):
        """Judge with another engine, in the same processes with the same limits."""
        here = Path(module.__file__).with_name("worker.py")
        code = (
            "import sys; sys.path[:0] = sys.argv[2:]\n"
            "from lib.validation import engine, worker\n"
            "engine.preload = lambda: None\n"
            "def run(file, told):\n"
            f"    {statement}\n"
            "engine.run_descriptors = run\n"
            "worker.main()\n"
        )
        made, popen = Service(), subprocess.Popen

        def start(command, **options):
            at = command.index(str(here))
            return popen([*command[:at], "-c", code, *command[at + 1 :]], **options)

        self.addCleanup(made.close)
        self.patch(module.subprocess, "Popen", start)
        try:
            return made.validate(b"%PDF-1.7", self.world.store)
        finally:
            self.patch(module.subprocess, "Popen", popen)

    def patch(self, owner, name, value):
        before = getattr(owner, name)
        setattr(owner, name, value)
        self.addCleanup(setattr, owner, name, before)

    def test_a_large_legitimate_file_passes(self):
        import pikepdf

        opened = pikepdf.open(io.BytesIO(page_pdf()))
        noise = os.urandom(47 * limits.MB)
        opened.pages[0].Resources.XObject = pikepdf.Dictionary(
            Im=opened.make_stream(
                noise,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=1,
                Height=1,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
            )
        )
        out = io.BytesIO()
        opened.save(out)
        pdf = self.world.sign_foreign(out.getvalue(), box=(60, 60, 260, 130))
        pdf = self.world.sign_foreign(pdf, 1, box=(60, 200, 260, 260))
        self.assertGreater(len(pdf), 46 * limits.MB)
        told = self.validate(pdf)
        self.assertEqual(told["verdict"], "valid", told["reasons"])

    def test_too_large(self):
        told = self.validate(io.BytesIO(bytes(limits.MAX_SIZE + 1)))
        self.assertEqual(self.codes(told), ["too_large"])

    def test_nothing_of_the_server_is_inherited(self):
        os.environ["MAKTAB_TEST_SECRET"] = "never"
        self.addCleanup(os.environ.pop, "MAKTAB_TEST_SECRET")
        self.service.close()
        pid = self.zygote().pid
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        self.assertNotIn(b"MAKTAB", environment)
        self.assertNotEqual(os.getsid(pid), os.getsid(0))
        links = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()]
        own = [one for one in links if not one.startswith(("/dev/null", "pipe:"))]
        self.assertEqual([one.split(":")[0] for one in own], ["socket"], links)

    def test_no_zombie_and_no_descriptor_left(self):
        pid = self.zygote().pid
        before = len(os.listdir("/proc/self/fd")), len(os.listdir(f"/proc/{pid}/fd"))
        for _turn in range(5):
            self.validate(page_pdf())
        time.sleep(0.2)
        self.assertEqual(self.children(pid), [])
        after = len(os.listdir("/proc/self/fd")), len(os.listdir(f"/proc/{pid}/fd"))
        self.assertEqual(before, after)

    @mute_logger(LOGGER)
    def test_the_zygote_dies(self):
        first = self.zygote().pid
        os.kill(first, signal.SIGKILL)
        told = self.validate(self.world.act(1))
        self.assertEqual(told["verdict"], "valid")
        self.assertNotEqual(self.service._process.pid, first)

    def test_the_zygote_ends_with_the_server(self):
        made = Service()
        made.validate(b"%PDF-", self.world.store)
        process = made._process
        made._control.close()
        self.assertEqual(process.wait(timeout=10), 0)

    def test_threads(self):
        answers = []

        def ask(pdf):
            answers.append(self.validate(pdf)["verdict"])

        pdfs = [self.world.act(1), self.world.foreign(1)] * 3
        threads = [threading.Thread(target=ask, args=(pdf,)) for pdf in pdfs]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(answers, ["valid"] * 6)

    def test_a_full_queue_says_so(self):
        made = Service()
        for _place in range(limits.AT_ONCE + limits.WAITING):
            made._queue.acquire()
        told = made.validate(self.world.act(1), self.world.store)
        self.assertEqual(self.codes(told), ["busy"])
        self.assertEqual(told["verdict"], "indeterminate")

    def test_forked_server_processes(self):
        """Each process of the server has a zygote of its own."""
        first = self.zygote().pid
        pdf, read = self.world.act(1), os.pipe()
        child = os.fork()
        if not child:
            code = 1
            try:
                self.service.forked()
                told = self.validate(pdf)
                if told["verdict"] == "valid" and self.service._process.pid != first:
                    code = 0
                self.service.close()
            finally:
                os._exit(code)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        for end in read:
            os.close(end)
        self.assertEqual(self.validate(pdf)["verdict"], "valid")
        self.assertEqual(self.service._process.pid, first)
