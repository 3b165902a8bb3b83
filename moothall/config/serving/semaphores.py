"""A semaphore of the kernel (System V), which takes back what a killed process held. Linux.

Python's own semaphores for several processes stay taken when their holder is killed, and the package that wraps these
(sysv_ipc 1.2) is built without waiting for a time. So libc is asked itself: semget(2), semctl(2), semtimedop(2).
"""

import contextlib
import ctypes
import errno
import os

_PRIVATE, _NEW, _SET, _REMOVE, _UNDO = 0, 0o1600, 16, 0, 0x1000
_NANO = 1_000_000_000


class _Deed(ctypes.Structure):
    _fields_ = (("number", ctypes.c_ushort), ("change", ctypes.c_short), ("flags", ctypes.c_short))


class _Time(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class KernelSemaphore:
    """So many turns, for this process and those that are forked from it; whoever waits longest is next.

    Raises OSError where the system lends none. It stays in the kernel until somebody removes it.
    """

    def __init__(self, turns: int) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(self._libc, "semtimedop"):
            raise OSError(errno.ENOSYS, "This system has no semaphores that wait for a time")
        self._number = self._done(self._libc.semget(_PRIVATE, 1, _NEW))
        self._done(self._libc.semctl(self._number, 0, _SET, turns))

    def acquire(self, *, timeout: float) -> bool:
        """Wait for a turn so many seconds; say whether it came. Once it is removed, nobody gets one."""
        most = _Time(int(timeout), int(timeout % 1 * _NANO))
        while self._libc.semtimedop(self._number, ctypes.byref(_Deed(0, -1, _UNDO)), 1, ctypes.byref(most)):
            if ctypes.get_errno() != errno.EINTR:
                return False
        return True

    def release(self) -> None:
        """Give a turn back."""
        self._libc.semop(self._number, ctypes.byref(_Deed(0, 1, _UNDO)), 1)

    def remove(self) -> None:
        """Take it down; whoever waits goes on without a turn."""
        with contextlib.suppress(OSError):
            self._done(self._libc.semctl(self._number, 0, _REMOVE))

    @staticmethod
    def _done(answer: int) -> int:
        if answer < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return answer
