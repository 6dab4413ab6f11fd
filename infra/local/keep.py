"""Runs the local cloud for as long as the process that started it lives.

Standard input is a pipe from that process. However it ends (also by SIGKILL, when nothing of its own can run), the pipe ends,
and then this ends its whole process group: itself and the functions' processes.
"""

import os
import signal
import sys
import threading


def leave_with_the_parent():
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


if os.getpgrp() != os.getpid():
    sys.exit("keep.py must lead its process group")
threading.Thread(target=leave_with_the_parent, daemon=True).start()

from ministack.app import main  # noqa: E402 - the pipe is watched before anything slow
from ministack.services import lambda_svc  # noqa: E402

# The packages have theirs already; none is written beside the program.
sys.dont_write_bytecode = True
import rights  # noqa: E402

# What workers log is printed here, what the functions behind the pages log isn't: all of it goes to the one log of the local cloud,
# where people look and where `ce test` looks for what mustn't stand there.
emit = lambda_svc._emit_lambda_logs


def print_and_emit(func, request_id, log_text, *rest, **more):
    if log_text:
        print(log_text, flush=True)
    return emit(func, request_id, log_text, *rest, **more)


lambda_svc._emit_lambda_logs = print_and_emit
rights.tell_leading_keys()
rights.note_in(sys.argv[1])

sys.argv = ["ministack"]
main()
