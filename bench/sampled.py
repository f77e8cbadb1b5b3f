"""Starts a program with a sampler: every few milliseconds of a thread's CPU time, its stack is written down.

Never changes what the program does; the kernel's per-thread CPU timers interrupt and faulthandler writes,
so native code and threads are seen as they are. Linux only.

    python -m bench.sampled FOLDER MODULE [ARGUMENTS…]
"""

import ctypes
import faulthandler
import runpy
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

PERIOD = 0.004  # seconds of CPU; the kernel looks at these timers once a tick
_THREAD_CPUTIME = 3  # CLOCK_THREAD_CPUTIME_ID
_THREAD_ID = 4  # SIGEV_THREAD_ID


class _SigEvent(ctypes.Structure):
    """struct sigevent (sigevent(7)), padded to its 64 bytes."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signo", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("tid", ctypes.c_int),
        ("pad", ctypes.c_int * 11),
    )


class _TimerSpec(ctypes.Structure):
    """struct itimerspec (timer_settime(2))."""

    _fields_ = (
        ("every_s", ctypes.c_long),
        ("every_ns", ctypes.c_long),
        ("first_s", ctypes.c_long),
        ("first_ns", ctypes.c_long),
    )


class Sampler:
    """Gives each thread its own timer, signal and file, so that stacks never mix."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        numbers = range(signal.SIGRTMIN + 1, signal.SIGRTMAX)
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        self._signals = iter(numbers)
        self._lock = threading.Lock()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def thread_started(self, frame: FrameType, event: str, given: object) -> None:
        """Start the timer of the thread that calls; as a profile function it unhooks itself."""
        del frame, event, given
        sys.setprofile(None)
        self.watch_this_thread()

    def watch_this_thread(self) -> None:
        """Write down the calling thread's stack from now on. Raises OSError when the kernel says no."""
        with self._lock:
            number = next(self._signals)
        out = (self._folder / f"{number}.stacks").open("ab", buffering=0)
        faulthandler.register(number, file=out, all_threads=False, chain=True)  # chained, it keeps errno
        event = _SigEvent(signo=number, notify=_THREAD_ID, tid=threading.get_native_id())
        timer = ctypes.c_void_p()
        nanoseconds = int(PERIOD * 1e9)
        spec = _TimerSpec(0, nanoseconds, 0, nanoseconds)
        if self._libc.timer_create(_THREAD_CPUTIME, ctypes.byref(event), ctypes.byref(timer)):
            raise OSError(ctypes.get_errno(), "timer_create")
        if self._libc.timer_settime(timer, 0, ctypes.byref(spec), None):
            raise OSError(ctypes.get_errno(), "timer_settime")


def main() -> None:
    """Sample the module named on the command line until it ends."""
    folder, module = Path(sys.argv[1]), sys.argv[2]
    sampler = Sampler(folder)
    threading.setprofile(sampler.thread_started)
    sampler.watch_this_thread()
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
