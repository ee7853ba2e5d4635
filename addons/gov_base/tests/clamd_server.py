"""A server that speaks clamd's protocol, and a real clamd, for the tests."""

import contextlib
import hashlib
import os
import pwd
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

from . import intake_files as files


class FakeClamd:
    """Answers each INSTREAM with `reply(content)`; None closes the connection, a float waits that long first."""

    def __init__(self, reply=None, *, banner=b"ClamAV 1.4.6/1/test", limit=None):
        self.reply = reply or (lambda content: b"stream: OK")
        self.banner, self.limit, self.received = banner, limit, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp:127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exc):
        # Wakes `accept` up, which closing the socket does not do.
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)

    def _serve(self):
        while True:
            try:
                link, _address = self.socket.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError, EOFError):
                link.settimeout(10)
                self._answer(link)

    def _answer(self, link):
        command = b""
        while not command.endswith(b"\0"):
            command += self._exactly(link, 1)
        if command == b"zPING\0":
            link.sendall(b"PONG\0")
        elif command == b"zVERSION\0":
            link.sendall(self.banner + b"\0")
        elif command == b"zINSTREAM\0":
            content = b""
            while size := struct.unpack(">I", self._exactly(link, 4))[0]:
                content += self._exactly(link, size)
                if self.limit and len(content) > self.limit:
                    link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.received.append(content)
            reply = self.reply(content)
            if isinstance(reply, float):
                time.sleep(reply)
            elif reply is not None:
                link.sendall(reply + b"\0")

    @staticmethod
    def _exactly(link, size):
        data = b""
        while len(data) < size:
            piece = link.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


def eicar_reply(content):
    """What a daemon with ordinary signatures says."""
    return (
        b"stream: Win.Test.EICAR_HDB-1 FOUND"
        if files.eicar() in content
        else b"stream: OK"
    )


class RealClamd:
    """A clamd of this machine with one signature, on a Unix socket in a temporary folder."""

    program = shutil.which("clamd") or shutil.which(
        "clamd", path="/usr/sbin:/usr/local/sbin"
    )

    def __init__(self, **options):
        # A short path: the address of a Unix socket has 107 characters.
        self.folder = tempfile.mkdtemp(prefix="clamd-", dir="/tmp")
        self.path = os.path.join(self.folder, "clamd.sock")
        self.address = f"unix:{self.path}"
        test_file = files.eicar()
        digest = hashlib.md5(test_file, usedforsecurity=False).hexdigest()
        with open(os.path.join(self.folder, "test.hdb"), "w") as database:
            database.write(f"{digest}:{len(test_file)}:Eicar-Test-File\n")
        settings = {
            "DatabaseDirectory": self.folder,
            "LocalSocket": self.path,
            "Foreground": "yes",
            "LogFile": os.path.join(self.folder, "clamd.log"),
            "PidFile": os.path.join(self.folder, "clamd.pid"),
            "TemporaryDirectory": self.folder,
            "StreamMaxLength": "1M",
            "MaxFileSize": "512K",
            "MaxScanSize": "1M",
            "AlertExceedsMax": "yes",
            "AlertEncrypted": "yes",
            **options,
        }
        self.config = os.path.join(self.folder, "clamd.conf")
        with open(self.config, "w") as config:
            config.writelines(f"{name} {value}\n" for name, value in settings.items())
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self.account:
            for entry in (
                self.folder,
                *(item.path for item in os.scandir(self.folder)),
            ):
                os.chown(entry, self.account.pw_uid, self.account.pw_gid)
        self.process = None

    def __enter__(self):
        account = (
            {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
            if self.account
            else {}
        )
        self.process = subprocess.Popen(
            [self.program, "--config-file", self.config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            **account,
        )
        deadline = time.monotonic() + 60
        while not os.path.exists(self.path):
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(
                    os.path.join(self.folder, "clamd.log"), errors="replace"
                ) as log:
                    raise AssertionError(f"clamd did not start: {log.read()[-2000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_exc):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
