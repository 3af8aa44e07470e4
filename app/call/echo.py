"""The agent's own sound, come back from the caller's end: how loud it is on this line, and which words it was.

A speakerphone, or a bad transformer on the way, sends back what the agent says, 50 to 600 ms late and quieter. Both
defences are bounded, so that a quiet caller is never deafened: the level is capped and falls again within seconds, and
what is not above it is still judged by its words.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from rapidfuzz import fuzz

from app.audio.activity import CONTINUE_RMS

TAIL_S = 0.7
"""After the agent's last sound its echo is over: 600 ms on the line, and a frame or two to hear it."""
MARGIN = 1.4
"""A caller is this much above the loudest that came back of late (3 dB)."""
LOUDEST = 1500.0
"""A higher level is not believed, on the 16-bit scale: it would take a shout to be above it."""
QUIETEST = 60.0
_RISE, _FALL = 0.5, 0.994
"""Half the way up with a louder frame; down by half in 2.3 s of the agent's speech without echo."""
_LATE_FRAMES = 15
"""A frame teaches the level 300 ms late: when a caller has silenced the agent by then, it never does."""
ENOUGH_FRAMES = 40
"""Of the agent's sound, until the line's echo is known: 0.8 s, which any greeting has."""
_STRETCH_FRAMES, _STRETCHES, _FEWEST, _OFTEN = 25, 8, 4, 0.4
"""An echo comes with every sentence. Once the agent has sounded for four stretches of half a second, a sound raises
nothing unless there was one in 0.4 of the last eight: it may be a soft caller's first words, who would not be heard for
it."""

SAME = 75.0
"""Two words that are so much alike (rapidfuzz's ratio, in percent) are one, ill recognised."""
OWN_SHARE = 0.6
"""Words of which so many were the agent's own are an echo, ill recognised in the others."""
FOREIGN_WORDS = 3
"""So many others one after the other are somebody's who speaks at the same time."""
_MISSED_WORDS = 2
"""So many in a row a recogniser leaves out of a faint echo, and what follows is still one."""
REMEMBERED_S = 30.0
_LAST_WORDS = 6


def words_of(text: str) -> list[str]:
    """Its words in lower case, bare of the marks around them; marks of other scripts' vowels belong to them."""
    bare = (word.strip(_MARKS) for word in text.lower().replace("—", " ").split())
    return [word for word in bare if word]


_MARKS = ".,;:!?…।॥\"'“”‘’«»()[]–-。、？！،؟"


class Echo:
    """One line's echo. `hear` every frame; tell it with `says` what the agent begins to say."""

    def __init__(self) -> None:
        self.level = QUIETEST
        self._frames = 0
        self._late: deque[int] = deque()
        self._stretches: deque[bool] = deque([False], maxlen=_STRETCHES)
        self._said: deque[tuple[float, list[str]]] = deque()
        self._said_until = -TAIL_S

    def hear(self, rms: int, now: float, *, sounding: bool) -> None:
        """A frame of the caller's side, its level if it is voice, else 0; `sounding`: while the agent does."""
        if not sounding:
            return
        self._said_until = now
        self._late.append(rms)
        if len(self._late) > _LATE_FRAMES:
            self._frames += 1
            rms = self._late.popleft()
            if self._frames % _STRETCH_FRAMES == 0:
                self._stretches.append(False)
            self._stretches[-1] = self._stretches[-1] or rms > 0
            if rms <= self.level:
                self.level = max(self.level * _FALL, QUIETEST)
            elif self._is_usual:
                self.level = min(self.level + _RISE * (rms - self.level), LOUDEST)

    @property
    def _is_usual(self) -> bool:
        """Is there mostly a sound while the agent speaks, or is that not known?"""
        known = len(self._stretches)
        return known <= _FEWEST or self._stretches.count(True) >= _OFTEN * known

    def unlearn(self, level: float) -> None:
        """What was heard of late was the caller: back to this level."""
        self._late.clear()
        self.level = min(self.level, level)

    def learn(self, loudest: int) -> None:
        """Words have proved that a sound whose loudest frame was this was the agent's own."""
        self.level = min(max(self.level, loudest / MARGIN), LOUDEST)
        self._frames = max(self._frames, ENOUGH_FRAMES)

    @property
    def known(self) -> bool:
        """Has the agent sounded for long enough to know this line?"""
        return self._frames >= ENOUGH_FRAMES

    @property
    def threshold(self) -> float:
        """What is as loud as this is not the agent's echo; 16-bit scale."""
        return MARGIN * self.level

    @property
    def audible(self) -> bool:
        """Could this line's echo be taken for a voice? As long as nobody knows, it could."""
        return not self.known or self.threshold >= CONTINUE_RMS

    def may_sound_at(self, now: float) -> bool:
        """Can the agent's echo still be on the line?"""
        return now <= self._said_until + TAIL_S

    def says(self, text: str, now: float) -> None:
        """The agent begins to say this."""
        self._said.append((now, words_of(text)))
        while self._said and self._said[0][0] < now - REMEMBERED_S:
            self._said.popleft()

    @property
    def last_said(self) -> str:
        """The agent's last words, as many as an echo can still bring after its end."""
        return " ".join(self._said[-1][1][-_LAST_WORDS:]) if self._said else ""

    def callers_own(self, text: str) -> tuple[list[str], bool]:
        """The words of `text` that are not the agent's, and whether so little is left that all of it may be its
        echo."""
        heard = words_of(text)
        matched = _matched(heard, [word for _, words in self._said for word in words])
        own = [word for place, word in enumerate(heard) if place not in matched]
        run = longest = 0
        for place in range(len(heard)):
            run = 0 if place in matched else run + 1
            longest = max(longest, run)
        return own, bool(heard) and len(matched) >= OWN_SHARE * len(heard) and longest < FOREIGN_WORDS

    def without_lead(self, text: str, just_said: str) -> str:
        """`text` without the agent's own words at its head.

        They are taken out if at least two of them are there one after the other, or if the one is among those that were
        `just_said`; else it stays, for the first word of a caller is worth more than a word too many. Behind two of
        them the recogniser may have missed or misheard some: the head goes on where the agent's words do.
        """
        tokens = text.split()
        heard = [" ".join(words_of(token)) for token in tokens]
        said = [word for _, words in self._said for word in words]
        pairs = set(pairwise(said))
        if len(heard) > 1 and heard[0] in words_of(just_said) and (heard[0], heard[1]) not in pairs:
            return " ".join(tokens[1:])
        near = _within(said, _MISSED_WORDS + 1)
        count = 0
        while step := _step(heard[count : count + 4], near if count else pairs, pairs):
            count += step
        return " ".join(tokens[count + 1 :]) if count else text


def _within(said: list[str], distance: int) -> set[tuple[str, str]]:
    """Every two words that follow each other with fewer than `distance` others between them."""
    return {pair for apart in range(1, distance + 1) for pair in zip(said, said[apart:], strict=False)}


def _step(heard: list[str], links: set[tuple[str, str]], pairs: set[tuple[str, str]]) -> int:
    """How many words on the agent's own are still heard: one; two, if the one between was misheard; or none."""
    if len(heard) > 1 and (heard[0], heard[1]) in links:
        return 1
    misheard = len(heard) > 3 and links is not pairs and (heard[0], heard[2]) in links and (heard[2], heard[3]) in pairs
    return 2 if misheard else 0


def _matched(heard: list[str], own: list[str]) -> set[int]:
    """Places in `heard` of the longest run of words that `own` has in the same order, with gaps allowed."""
    lengths = [[0] * (len(own) + 1) for _ in range(len(heard) + 1)]
    for i in range(len(heard) - 1, -1, -1):
        for j in range(len(own) - 1, -1, -1):
            if _same(heard[i], own[j]):
                lengths[i][j] = lengths[i + 1][j + 1] + 1
            else:
                lengths[i][j] = max(lengths[i + 1][j], lengths[i][j + 1])
    places, i, j = set(), 0, 0
    while i < len(heard) and j < len(own):
        if _same(heard[i], own[j]):
            places.add(i)
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return places


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    return len(one) > 3 and len(other) > 3 and fuzz.ratio(one, other) >= SAME
