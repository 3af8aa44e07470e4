"""Spoken lines on disk, one file each, named by what the sound depends on.

A file: a mark with the format's version, the SHA-256 of all that follows, the length of a header, the header (JSON:
the line's own name, and where its words end), and the line's 8 kHz μ-law. A file that is torn, foreign, too large or
of another version is as good as none, and is made anew. Everything here blocks: call it from a thread.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.speech.protocols import SpeechPart, WordEnds

FORMAT = 1
LARGEST_BYTES = 120 * LINE_RATE_HZ
"""Two minutes of speech; the longest line that the schema allows lasts 45 s or so."""
LARGEST_HEADER_BYTES = 64 * 1024
MOST_FILES = 4000
"""160 MB at 40 kB a line of 5 s; a persona has a hundred lines or so for each voice that it was ever given."""
UNUSED_S = 90 * 24 * 3600.0
_TOUCHED_EVERY_S = 24 * 3600.0
_TORN_S = 3600.0
"""A file that is still being written is not so old; what a process left behind when it died is."""

_MARK = b"parley-line-%d\n" % FORMAT
_LENGTH = struct.Struct("<I")
_DIGEST_BYTES = hashlib.sha256().digest_size
_ENDING, _UNFINISHED = ".ulaw", ".part"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A whole line as a voice spoke it. `sound`: 8 kHz μ-law; `word_ends`: None where the voice did not tell."""

    sound: Sound
    word_ends: WordEnds | None = None

    @property
    def parts(self) -> tuple[SpeechPart, ...]:
        """As a voice would give it."""
        return (self.sound,) if self.word_ends is None else (self.word_ends, self.sound)


def line_name(provider: str, voice_key: str, text: str) -> str:
    """64 hexadecimal digits: the same for the same sound."""
    return hashlib.sha256(json.dumps([FORMAT, provider, voice_key, text]).encode()).hexdigest()


class LineFiles:
    """The lines in one folder, which is made when the first line is kept. Times are seconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: int | None = None

    def holds(self, name: str) -> bool:
        """Is there a file of that name, be it good or not?"""
        return self._path(name).exists()

    def read(self, name: str, now_s: float) -> KeptLine | None:
        """The line; None if there is none, or none that is whole. Raises OSError if there is one that can't be
        read."""
        path = self._path(name)
        try:
            # Neither followed nor waited for: a link or a pipe of this name is no line.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_BYTES + LARGEST_HEADER_BYTES:
                return None
            line = _unpacked(file.read(), name)
        if line is not None and now_s - found.st_mtime > _TOUCHED_EVERY_S:
            with suppress(OSError):  # a read-only disk keeps its lines all the same
                os.utime(path, (now_s, now_s))
        return line

    def write(self, name: str, line: KeptLine) -> None:
        """Keep `line`, whole or not at all. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        is_new = not path.exists()
        if is_new and self._counted() >= MOST_FILES:
            self._make_room()
        unfinished = path.with_name(f"{name}.{uuid.uuid4().hex}{_UNFINISHED}")
        try:
            unfinished.write_bytes(_packed(line, name))
            unfinished.replace(path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            raise
        if is_new:
            self._count = self._counted() + 1

    def tidy(self, now_s: float) -> int:
        """Remove what was not used for `UNUSED_S`, and what a dead process left half written; how many lines
        went."""
        lines = self._by_age()
        _remove(path for path, used_s in self._listed(_UNFINISHED) if now_s - used_s > _TORN_S)
        gone = _remove(path for path, used_s in lines if now_s - used_s > UNUSED_S)
        self._count = len(lines) - gone
        return gone

    def _make_room(self) -> None:
        """The tenth that was not used for the longest time goes."""
        lines = self._by_age()
        gone = _remove(path for path, _ in lines[: len(lines) - MOST_FILES + MOST_FILES // 10])
        self._count = len(lines) - gone

    def _counted(self) -> int:
        if self._count is None:
            self._count = len(self._listed(_ENDING))
        return self._count

    def _by_age(self) -> list[tuple[Path, float]]:
        return sorted(self._listed(_ENDING), key=lambda found: found[1])

    def _listed(self, ending: str) -> list[tuple[Path, float]]:
        """Our files, each with when it was last used."""
        found = []
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(ending):
                    with suppress(OSError):
                        found.append((Path(entry.path), entry.stat(follow_symlinks=False).st_mtime))
        return found

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"


def _remove(paths: Iterable[Path]) -> int:
    gone = 0
    for path in paths:
        with suppress(OSError):
            path.unlink()
            gone += 1
    return gone


def _packed(line: KeptLine, name: str) -> bytes:
    ends = None if line.word_ends is None else line.word_ends.ends
    header = json.dumps({"line": name, "ends": ends}).encode()
    content = _LENGTH.pack(len(header)) + header + line.sound.data
    return _MARK + hashlib.sha256(content).digest() + content


def _unpacked(data: bytes, name: str) -> KeptLine | None:
    """The line `name` from a file's bytes; None if they are anything else."""
    content = data[len(_MARK) + _DIGEST_BYTES :]
    if not data.startswith(_MARK + hashlib.sha256(content).digest()):
        return None
    # From here on it is as we wrote it: nothing else has this digest but what was made on purpose.
    try:
        (length,) = _LENGTH.unpack_from(content)
        header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
        sound = content[_LENGTH.size + length :]
        if header["line"] != name or not sound:
            return None
        ends = header["ends"]
        word_ends = None if ends is None else WordEnds(tuple((int(ms), int(chars)) for ms, chars in ends))
    except (struct.error, ValueError, TypeError, KeyError):
        return None
    return KeptLine(Sound(sound, LINE_RATE_HZ, "mulaw"), word_ends)
