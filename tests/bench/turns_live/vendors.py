"""Vendors that listen: the recogniser finds the sound it was sent in what its callers sent, and knows what they had
said in it by then; the voice really speaks; the model tells a story to whoever asks for one.

Words whose middle lies in the stretch are heard, and the agent's own where they came back loud enough and nobody spoke.
"""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.mulaw import decode, encode
from app.audio.reading import LINE_RATE_HZ
from tests.bench.turns.stage import words_at
from tests.bench.turns_live import people
from tests.bench.turns_live.corpus import Style
from tests.bench.turns_live.mouth import HEARD_DB, Mouth
from tests.vendors.everyone import Everyone
from tests.vendors.ill import Answer, Request

STORY = (
    "A lighthouse keeper had a goat that ate his only map. "
    "So every evening he drew the coast again from memory, and every morning the goat ate it again. "
    "The sailors said that no coast was ever better known."
)
SHORT = ("That can be done.", "Of course, no problem at all.", "We do that on Tuesdays and Fridays.")
LIKE = 0.6
"""Correlation from which on a stretch is what a caller sent (0.98 and more were seen)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to the recogniser: whose sound, from and to which second of the stream, and what was made of it."""

    mouth: Mouth | None
    begin_s: float
    end_s: float
    words: str


@dataclass
class Listening:
    """What the recogniser knows: who is on the line."""

    mouths: list[Mouth] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    voiced: dict[str, NDArray[np.int16]] = field(default_factory=dict)
    likeness: list[float] = field(default_factory=list)


class Vendors(Everyone):
    """All of them, with ears."""

    def __init__(self) -> None:
        super().__init__()
        self.known = Listening()

    def _answer(self, part: str, request: Request) -> Answer:
        if part != "groq stt":
            return super()._answer(part, request)
        began = time.perf_counter()
        text = self._hear(request.body)
        answer = self._transcript("groq", 0)
        body = json.loads(answer.pieces[0])
        body["text"] = f" {text}"
        body["segments"] = [{**body["segments"][0], "text": f" {text}"}] if text else []
        spent_s = time.perf_counter() - began
        return replace(answer, pieces=[json.dumps(body).encode()], first_s=max(0.0, self.pace.hear_s - spent_s))

    def _thought(self, vendor: str, body: dict[str, object]) -> Answer:
        messages = body["messages"]
        asked = str(messages[-1]["content"]) if isinstance(messages, list) else ""
        if (form := body.get("response_format")) is not None:
            self._reply = json.dumps(_filled(_schema(form)))
            return super()._thought(vendor, body)
        self._reply = STORY if "story" in asked.lower() else SHORT[len(asked) % len(SHORT)]
        return super()._thought(vendor, body)

    def _speech(self, vendor: str, text: str, *, timed: bool) -> Answer:
        began = time.perf_counter()
        if text not in self.known.voiced:
            pcm = people.uttered(text, people.AGENT, trimmed=False).clip(-32768, 32767).astype("<i2").tobytes()
            self.known.voiced[text] = np.frombuffer(decode(encode(pcm)), dtype="<i2")
        answer = _spoken(text, encode(self.known.voiced[text].astype("<i2").tobytes()), timed)
        spent_s = time.perf_counter() - began
        answer.first_s = max(0.0, self.pace.speak_s - spent_s)
        answer.between_s = 800 / 8000 / self.pace.speed
        return answer

    def _hear(self, body: bytes) -> str:
        wav = body[body.index(b"RIFF") :]
        size = int.from_bytes(wav[40:44], "little")
        heard = np.frombuffer(wav[44 : 44 + size // 2 * 2], dtype="<i2")[::2].astype(float)
        mouth, begin_s = self._whose(heard)
        end_s = begin_s + len(heard) / LINE_RATE_HZ
        words = self._words(mouth, begin_s, end_s) if mouth else ""
        text = written(words or mouth.invents, mouth.line.style) if mouth else ""
        self.known.sent.append(Sent(mouth, begin_s, end_s, text))
        return text

    def _whose(self, heard: NDArray[np.float64]) -> tuple[Mouth | None, float]:
        """By the last half second, looked for in everyone's last seconds."""
        probe = heard[-4000:]
        found: tuple[float, Mouth | None, float] = (0.0, None, 0.0)
        for last_s in (4.0, 40.0):
            for mouth in self.known.mouths:
                begin, track = mouth.sent(last_s)
                like, at = likest(probe, track.astype(float))
                if like > found[0]:
                    found = (like, mouth, (begin + at + len(probe) - len(heard)) / LINE_RATE_HZ)
            if found[0] > LIKE:
                break
        self.known.likeness.append(found[0])
        return (found[1], found[2]) if found[0] > LIKE else (None, 0.0)

    def _words(self, mouth: Mouth, begin_s: float, end_s: float) -> str:
        spoken = [word for said in mouth.said for word in words_at(said.words, said.begin_s, said.end_s)]
        if mouth.line.echo_db is not None and mouth.line.echo_db >= HEARD_DB:
            spoken += [echo for echo in self._echoes(mouth, begin_s, end_s) if not _drowned(mouth, echo)]
        spoken.sort(key=lambda word: word[1])
        return " ".join(word for word, from_s, to_s in spoken if begin_s <= (from_s + to_s) / 2 <= end_s)

    def _echoes(self, mouth: Mouth, begin_s: float, end_s: float) -> list[tuple[str, float, float]]:
        """The agent's words that came back in this stretch."""
        from_s = mouth.origin_s + begin_s - mouth.line.echo_s
        ear = mouth.playout.ear(from_s + end_s - begin_s)[max(0, round(from_s * LINE_RATE_HZ)) :]
        found = []
        for text, sound in tuple(self.known.voiced.items()):
            for word, word_s, until_s in words_at(text, 0.0, len(sound) / LINE_RATE_HZ):
                middle = round((word_s + until_s) / 2 * LINE_RATE_HZ)
                if (at := where(sound[middle - 160 : middle + 160], ear)) is not None:
                    middle_s = begin_s + (at + 160) / LINE_RATE_HZ
                    found.append((word, middle_s - (until_s - word_s) / 2, middle_s + (until_s - word_s) / 2))
        return found


def _drowned(mouth: Mouth, echo: tuple[str, float, float]) -> bool:
    return any(said.begin_s < echo[2] and echo[1] < said.end_s for said in mouth.said)


def where(probe: NDArray[np.int16], sound: NDArray[np.int16]) -> int | None:
    """The sample at which these samples stand in `sound`, to the bit; None for silence, and where they do not."""
    if len(probe) == 0 or np.abs(probe).max() < 200:
        return None
    at = sound.tobytes().find(probe.tobytes())
    return at // 2 if at >= 0 and at % 2 == 0 else None


def likest(probe: NDArray[np.float64], track: NDArray[np.float64]) -> tuple[float, int]:
    """The best normalised correlation, and where it is."""
    if len(track) < len(probe) or not probe.any():
        return 0.0, 0
    products = signal.fftconvolve(track, probe[::-1], "valid")
    power = np.concatenate(([0.0], np.cumsum(np.square(track))))
    norms = np.sqrt(np.maximum(power[len(probe) :] - power[: -len(probe)], 1.0) * (probe @ probe))
    like = products / norms
    at = int(np.argmax(like))
    return float(like[at]), at


def written(words: str, style: Style) -> str:
    """As this recogniser writes."""
    if not words:
        return ""
    if style == "bare":
        return " ".join(re.findall(r"[\w'-]+", words)).lower()
    if style == "full stops":
        return words if words.endswith("?") else f"{re.sub(r'[,.]', '', words)}."
    return words.rstrip(",")


def _schema(form: Any) -> dict[str, Any]:
    """What a judgement is to look like; anything where the model is told in words."""
    schema: dict[str, Any] = form.get("json_schema", {}).get("schema", {"type": "object"})
    return schema


def _filled(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """The least that fits: a judge who finds nothing."""
    root = root or schema
    if "$ref" in schema:
        return _filled(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _filled(schema["anyOf"][0], root)
    kind = schema.get("type")
    if kind == "object":
        return {name: _filled(part, root) for name, part in schema.get("properties", {}).items()}
    return {"array": [], "string": "", "boolean": False, "integer": 0, "number": 0}.get(str(kind))


def _spoken(text: str, mulaw: bytes, timed: bool) -> Answer:
    """As ElevenLabs sends it. `timed`: with its letters' times, as even as `words_at` has them."""
    pieces = [mulaw[at : at + 800] for at in range(0, len(mulaw), 800)]
    if timed:
        per_s = len(mulaw) / LINE_RATE_HZ / max(1, len(text))
        whole: object = {
            "characters": list(text),
            "character_start_times_seconds": [round(at * per_s, 3) for at in range(len(text))],
            "character_end_times_seconds": [round((at + 1) * per_s, 3) for at in range(len(text))],
        }
        lines: list[dict[str, object]] = [{"audio_base64": base64.b64encode(piece).decode()} for piece in pieces]
        lines[0] |= {"alignment": whole, "normalized_alignment": whole}
        pieces = [json.dumps(line).encode() + b"\n" for line in lines]
    return Answer("application/json" if timed else "audio/basic", pieces)
