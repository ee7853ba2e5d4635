"""What one file may cost. Beyond, the answer says so instead of going on."""

MB = 1024 * 1024
MAX_SIZE = 50 * MB
MAX_PAGES = 5_000
MAX_OBJECTS = 200_000
MAX_SIGNATURES = 64
MAX_REVISIONS = 200
#: Seconds of processor for one file.
CPU_SECONDS = 10
#: Seconds of clock for one file: nice 10 on a busy machine is slow.
WALL_SECONDS = 40
MEMORY = 512 * MB
OPEN_FILES = 32
NICE = 10
#: Files judged at once by one server process, and files that may wait for it.
AT_ONCE = 2
WAITING = 6
WAIT_SECONDS = 15
MAX_ANSWER = 16 * MB
#: Seconds that whoever asked may take to read a part of the answer.
REPLY_SECONDS = 5
