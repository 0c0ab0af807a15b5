"""Runs the processes of a Procfile: starts, starts again, ends all of them.

honcho reads the Procfile and prints the lines. Its own manager stops everything as
soon as one process ends, and leaves everything running when it is killed; here a
process that died is started again, and no process outlives its supervisor.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType

from honcho.colour import get_colours
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

# When the supervisor is killed, the kernel ends the program in its place.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig=TERM", "--")
TICK_SECONDS = 0.2
# Asked politely, then to make haste, then killed. Work in hand may be cut off: every
# task can be done again.
STOP_STEPS = ((0, signal.SIGTERM), (8, signal.SIGQUIT), (14, signal.SIGKILL))
STEADY_SECONDS = 60.0
LONGEST_PAUSE = 30.0
FAILURES_TO_TELL = 3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Program:
    """One line of the Procfile, and its process while it runs."""

    name: str
    command: str
    colour: str
    process: subprocess.Popen[bytes] | None = None
    partial_line: bytes = b""
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0


@dataclass
class Supervisor:
    """Keeps programs running until a signal comes.

    `on_tick` is called several times a second with the number of seconds since the
    start; what it returns other than None ends the run with that exit code.
    """

    programs: list[Program]
    environment: Mapping[str, str]
    directory: Path
    on_tick: Callable[[float], int | None] = lambda _seconds: None
    follows_make: bool = False
    exit_code: int | None = None
    printer: Printer = field(default_factory=lambda: Printer(sys.stdout))

    def run(self) -> int:
        """Run until told to stop; return the exit code, 0 after a signal."""
        self._selector = selectors.DefaultSelector()
        self._catch_signals()
        self.printer.width = max(len(program.name) for program in self.programs)
        begin = time.monotonic()
        try:
            while self.exit_code is None:
                for program in self.programs:
                    if not program.process and time.monotonic() >= program.start_at:
                        self._start(program)
                self._pass_on_output(TICK_SECONDS)
                self._note_the_dead()
                answer = self.on_tick(time.monotonic() - begin)
                if self.exit_code is None:
                    self.exit_code = answer
                if self.follows_make and make_was_told_to_stop():
                    self.exit_code = 0
        finally:
            self._stop_all()
        return self.exit_code

    def say(self, text: str, name: str = "", colour: str | None = None) -> None:
        """Print lines under the name of a program, or as they are."""
        try:
            if name:
                now = datetime.now().astimezone()
                self.printer.write(Message("line", text, now, name, colour))
            else:
                print(text, file=self.printer.output, flush=True)
        except OSError:  # whoever read our output has gone
            self.exit_code = self.exit_code or 141
            self.printer.output = open(os.devnull, "w")  # noqa: SIM115  for good

    def _start(self, program: Program) -> None:
        program.started_at = time.monotonic()
        program.process = subprocess.Popen(  # noqa: S603  a line of our Procfile
            [*DIE_WITH_PARENT, "/bin/sh", "-c", f"exec {program.command}"],
            cwd=self.directory,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C comes to us alone. In a session of its own no `nice` would count:
            # Linux shares the processors out between sessions first.
            process_group=0,
        )
        assert program.process.stdout
        os.set_blocking(program.process.stdout.fileno(), False)
        self._selector.register(program.process.stdout, selectors.EVENT_READ, program)

    def _pass_on_output(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            if isinstance(key.data, Program):
                self._read(key.data)
            else:
                os.read(key.fd, 1024)

    def _read(self, program: Program) -> None:
        assert program.process
        assert program.process.stdout
        output = program.process.stdout
        try:
            while chunk := os.read(output.fileno(), 65_536):
                *lines, rest = (program.partial_line + chunk).split(b"\n")
                program.partial_line = rest
                for line in lines:
                    text = line.decode(errors="replace")
                    self.say(text, program.name, program.colour)
        except BlockingIOError:
            return
        if output in self._selector.get_map():  # closed at the other end
            self._selector.unregister(output)

    def _note_the_dead(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            if not program.process or program.process.poll() is None:
                continue
            code = program.process.returncode
            self._clear_away(program)
            is_steady = now - program.started_at > STEADY_SECONDS
            program.failures = 1 if is_steady else program.failures + 1
            pause = min(LONGEST_PAUSE, 2.0 ** (program.failures - 1) - 1)
            program.start_at = now + pause
            self.say(f"ended {_reason(code)}; starting it again", program.name)
            if program.failures >= FAILURES_TO_TELL:
                self.say(
                    f"{program.name} ended {program.failures} times in a row: its last "
                    f"lines above say why. Next try in {pause:.0f} s.",
                    program.name,
                )

    def _clear_away(self, program: Program) -> None:
        """Kill what a dead program left in its group, and close its output."""
        assert program.process
        assert program.process.stdout
        _kill_group(program.process.pid)
        self._read(program)
        if program.partial_line:
            self.say(program.partial_line.decode(errors="replace"), program.name)
        if program.process.stdout in self._selector.get_map():
            self._selector.unregister(program.process.stdout)
        program.process.stdout.close()
        program.process = None
        program.partial_line = b""

    def _stop_all(self) -> None:
        begin = time.monotonic()
        steps = list(STOP_STEPS)
        while running := [program for program in self.programs if program.process]:
            while steps and time.monotonic() - begin >= steps[0][0]:
                for program in running:
                    _send(program, steps[0][1])
                del steps[0]
            self._pass_on_output(0.05)
            for program in running:
                if program.process and program.process.poll() is not None:
                    self._clear_away(program)

    def _catch_signals(self) -> None:
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._selector.register(reader, selectors.EVENT_READ)
        for number in STOP_SIGNALS:
            signal.signal(number, self._be_told_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only wake

    def _be_told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.exit_code is not None:  # told twice: do not wait for anybody
            for program in self.programs:
                _send(program, signal.SIGKILL)
        self.exit_code = 0


def read_procfile(path: Path, *, without: Iterable[str] = ()) -> list[Program]:
    """Return the programs of a Procfile but those named in `without`."""
    colours = get_colours()
    processes = parse_procfile(path.read_text()).processes
    return [
        Program(name, command, next(colours))
        for name, command in processes.items()
        if name not in without
    ]


def make_was_told_to_stop() -> bool:
    """Tell whether `make`, our parent, got a signal that it does not pass on.

    It hands on SIGTERM; after SIGINT and SIGHUP it only waits for us. But it also
    stops catching the signal then, and that can be seen.
    """
    try:
        status = Path(f"/proc/{os.getppid()}/status").read_text()
    except FileNotFoundError:
        return False
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    ignored, caught = int(lines["SigIgn"], 16), int(lines["SigCgt"], 16)
    return lines["Name"] == "make" and any(
        not (ignored | caught) >> number - 1 & 1
        for number in (signal.SIGINT, signal.SIGHUP)
    )


def _send(program: Program, number: signal.Signals) -> None:
    if not program.process or program.process.poll() is not None:
        return
    if number == signal.SIGKILL:
        _kill_group(program.process.pid)
    else:
        program.process.send_signal(number)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _reason(code: int) -> str:
    if code >= 0:
        return f"with code {code}"
    return f"by {signal.Signals(-code).name}"
