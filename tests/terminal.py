"""A pseudo-terminal: what a command shows on it, and what it showed on the way."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from shop import PATRON


class Screen:
    """As much of a terminal as patron uses: \\r, \\n, up a line, clear to the end of the line, colours."""

    def __init__(self):
        self.lines, self.row, self.column = [""], 0, 0

    def feed(self, text):
        i = 0
        while i < len(text):
            character = text[i]
            if character == "\033":
                end = i + 2
                while not text[end].isalpha():
                    end += 1
                count, kind = text[i + 2:end], text[end]
                if kind == "A":
                    self.row -= int(count or 1)
                    assert self.row >= 0, "above the first line"
                elif kind == "K":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                else:
                    assert kind == "m", f"unknown sequence {text[i:end + 1]!r}"
                i = end
            elif character == "\r":
                self.column = 0
            elif character == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
                self.column += 1
            i += 1

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n")


def terminal():
    """The two ends of a terminal; a machine that has none to give (a chroot without /dev/pts) skips the test."""
    try:
        return pty.openpty()
    except OSError as why:
        pytest.skip(f"no terminal to be had here: {why}")


class Seen:
    """code: how it ended; text: what stands on the screen at last; frames: the screen before each line that is drawn anew, however
    the bytes arrived; raw: all of them."""


def on_terminal(*words, columns=80, interrupt_after=None, timeout=60, **environment):
    """Runs patron with stdout and stderr on a terminal. interrupt_after: Ctrl-C once this text has been seen."""
    master, slave = terminal()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([PATRON, *map(str, words)], stdin=slave, stdout=slave, stderr=slave, close_fds=True,
                               env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", **environment})
    os.close(slave)
    seen, screen, started, pending = Seen(), Screen(), time.monotonic(), ""
    seen.frames, seen.raw = [], ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while time.monotonic() - started < timeout:
        ready, _, _ = select.select([master], [], [], 0.1)
        if not ready:
            continue
        try:
            part = os.read(master, 65536)
        except OSError: # the last one that held the terminal is gone
            break
        if not part:
            break
        text = decoder.decode(part)
        seen.raw += text
        text = pending + text
        pending = re.search(r"(\033(\[[0-9;]*)?)?$", text)[0] # a sequence in two parts
        for drawn in re.split(r"(?=\r\033)", text.removesuffix(pending)):
            screen.feed(drawn)
            seen.frames.append(screen.text())
            if interrupt_after and interrupt_after in seen.frames[-1]:
                process.send_signal(signal.SIGINT)
                interrupt_after = None
    os.close(master)
    seen.code = process.wait(timeout)
    seen.text = screen.text()
    return seen
