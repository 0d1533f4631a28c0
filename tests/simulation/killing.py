"""A process killed (SIGKILL) before or after any of its statements, or as it is about to touch a file of the office."""

import os
import signal
import sys

from django.conf import settings
from django.db import connection, connections

_TOUCHES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree"}


class _Clock:
    """Counts moments; at the moment `at` the process is no more."""

    def __init__(self, at, home, only):
        self.at, self.home, self.only, self.now = at, home, only, 0

    def tick(self):
        if self.now == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.now += 1

    def statement(self, execute, sql, params, many, context):
        if self.only not in str(sql):
            return execute(sql, params, many, context)
        self.tick()
        given = execute(sql, params, many, context)
        self.tick()
        return given

    def file(self, event, arguments):
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        made = event == "open" and arguments[1] is None and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in _TOUCHES or writes or made) and str(arguments[0]).startswith(self.home):
            self.tick()


def killed(act, at=None, *, home=None, only=""):
    """Run `act` in a process of its own that dies at the moment `at`: -9, or how many moments it had.

    Moments are those of statements that hold `only`, and of files in `home`, the office's folder if none is given.
    """
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reads)
            clock = _Clock(at, str(home or settings.DATA_DIR), only)
            sys.addaudithook(clock.file)
            with connection.execute_wrapper(clock.statement):
                act()
            clock.tick()
            os.write(writes, str(clock.now).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads) as told:
        said = told.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL), f"the work failed in the child: {ended}"
    return int(said) if ended == 0 else ended
