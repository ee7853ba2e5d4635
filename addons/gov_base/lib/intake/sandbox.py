"""What a parser that has been taken over may still do: compute, and answer on its socket.

A seccomp filter makes every call that opens a file or a socket, starts a program or a process, or changes a file system
fail with EPERM. It is set once everything is loaded and cannot be taken back. Where the kernel or the processor does not
know it the limits of `worker` are all there is; `apply` says which.
"""

import ctypes
import errno
import platform
import struct

#: families of addresses that leave the machine, and the number of the call that opens one
INTERNET = {"x86_64": 41, "aarch64": 198}
AF_INET, AF_INET6 = 2, 10
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
X32 = 0x40000000
# Numbers that all processors share.
COMMON = {
    "clone3": 435,
    "openat2": 437,
    "io_uring_setup": 425,
    "open_tree": 428,
    "move_mount": 429,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
}
DENIED = {
    "x86_64": (
        0xC000003E,
        {
            **{"open": 2, "openat": 257, "creat": 85, "open_by_handle_at": 304},
            **{"socket": 41, "connect": 42, "bind": 49, "listen": 50, "socketpair": 53},
            **{"clone": 56, "fork": 57, "vfork": 58, "execve": 59, "execveat": 322},
            **{
                "kill": 62,
                "ptrace": 101,
                "process_vm_readv": 310,
                "process_vm_writev": 311,
            },
            **{
                "rename": 82,
                "mkdir": 83,
                "rmdir": 84,
                "link": 86,
                "unlink": 87,
                "symlink": 88,
            },
            **{
                "chmod": 90,
                "chown": 92,
                "lchown": 94,
                "truncate": 76,
                "mknod": 133,
                "utimensat": 280,
            },
            **{
                "mkdirat": 258,
                "mknodat": 259,
                "fchownat": 260,
                "unlinkat": 263,
                "renameat": 264,
            },
            **{"linkat": 265, "symlinkat": 266, "fchmodat": 268, "renameat2": 316},
            **{
                "mount": 165,
                "umount2": 166,
                "chroot": 161,
                "unshare": 272,
                "setns": 308,
            },
            **{
                "keyctl": 250,
                "add_key": 248,
                "request_key": 249,
                "perf_event_open": 298,
            },
            **{"bpf": 321, "userfaultfd": 323, "init_module": 175, "finit_module": 313},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{"openat": 56, "open_by_handle_at": 265},
            **{
                "socket": 198,
                "socketpair": 199,
                "bind": 200,
                "listen": 201,
                "connect": 203,
            },
            **{"clone": 220, "execve": 221, "execveat": 281},
            **{
                "kill": 129,
                "ptrace": 117,
                "process_vm_readv": 270,
                "process_vm_writev": 271,
            },
            **{
                "mknodat": 33,
                "mkdirat": 34,
                "unlinkat": 35,
                "symlinkat": 36,
                "linkat": 37,
                "renameat": 38,
            },
            **{
                "renameat2": 276,
                "truncate": 45,
                "fchmodat": 53,
                "fchownat": 54,
                "utimensat": 88,
            },
            **{"mount": 40, "umount2": 39, "chroot": 51, "unshare": 97, "setns": 268},
            **{
                "keyctl": 219,
                "add_key": 217,
                "request_key": 218,
                "perf_event_open": 241,
            },
            **{"bpf": 280, "userfaultfd": 282, "init_module": 105, "finit_module": 273},
        },
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def build(machine):
    """The filter for `machine` as bytes, or None when its numbers are not known here."""
    if machine not in DENIED:
        return None
    audit, calls = DENIED[machine]
    numbers = sorted({**COMMON, **calls}.values())

    def line(code, yes, no, value):
        return struct.pack("=HBBI", code, yes, no, value)

    # arch; other → refuse; number; x32 → refuse; each denied number → refuse; allow; refuse
    program = [
        line(LOAD, 0, 0, 4),
        line(JUMP_EQUAL, 0, len(numbers) + 3, audit),
        line(LOAD, 0, 0, 0),
    ]
    program.append(line(JUMP_GREATER_EQUAL, len(numbers) + 1, 0, X32))
    for at, number in enumerate(numbers):
        program.append(line(JUMP_EQUAL, len(numbers) - at, 0, number))
    program += [line(RETURN, 0, 0, ALLOW), line(RETURN, 0, 0, REFUSE)]
    return b"".join(program)


def build_offline(machine):
    """The filter that refuses connections to anywhere and nothing else, or None."""
    if machine not in DENIED:
        return None
    audit, call = DENIED[machine][0], INTERNET[machine]

    def line(code, yes, no, value):
        return struct.pack("=HBBI", code, yes, no, value)

    # arch; other → refuse; number; x32 → refuse; other call → allow; family: the two of the internet → refuse
    program = [
        line(LOAD, 0, 0, 4),
        line(JUMP_EQUAL, 0, 7, audit),
        line(LOAD, 0, 0, 0),
        line(JUMP_GREATER_EQUAL, 5, 0, X32),
        line(JUMP_EQUAL, 0, 3, call),
        line(LOAD, 0, 0, 16),
        line(JUMP_EQUAL, 2, 0, AF_INET),
        line(JUMP_EQUAL, 1, 0, AF_INET6),
        line(RETURN, 0, 0, ALLOW),
        line(RETURN, 0, 0, REFUSE),
    ]
    return b"".join(program)


def apply():
    """Set the filter on this process. True when it holds."""
    return _set(build(platform.machine()))


def apply_offline():
    """Close the internet to this process and all it starts. True when it holds."""
    return _set(build_offline(platform.machine()))


def _set(code):
    if code is None:
        return False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            return False
        buffer = ctypes.create_string_buffer(code, len(code))
        program = _Program(len(code) // 8, ctypes.addressof(buffer))
        return not libc.prctl(
            PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0
        )
    except (OSError, AttributeError):
        return False
