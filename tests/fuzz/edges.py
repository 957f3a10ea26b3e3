"""Which edges of a package's code a call has taken: from one line to the next, in the same function."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

_Trace = Callable[[FrameType, str, Any], Any]


class Edges:
    """All edges taken so far below one folder. A traced call takes some twenty times as long: trace a sample."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._ours: dict[CodeType, bool] = {}
        self.taken: set[tuple[CodeType, int, int]] = set()

    def follow(self, call: Callable[[], object]) -> bool:
        """Make the call; whether it took an edge that none took before."""
        before, traced = len(self.taken), sys.gettrace()
        sys.settrace(self._enter)
        try:
            call()
        finally:
            sys.settrace(traced)
        return len(self.taken) > before

    def _enter(self, frame: FrameType, _event: str, _value: object) -> _Trace | None:
        code = frame.f_code
        if code not in self._ours:
            self._ours[code] = code.co_filename.startswith(self._folder)
        return self._step_from(code) if self._ours[code] else None

    def _step_from(self, code: CodeType) -> _Trace:
        last = 0

        def step(frame: FrameType, event: str, _value: object) -> _Trace:
            nonlocal last
            if event == "line":
                self.taken.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return step

        return step
