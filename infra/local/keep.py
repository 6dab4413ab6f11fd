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

sys.argv = ["ministack"]
main()
