"""The eight steps in their order, over 20 ms frames of 960 float samples at 48 kHz on the 16-bit scale.

1 DC removal, 2 high-pass, 3 low-pass (one pass), 4 noise suppression: these always run, and the level that decides
over speech is measured after them, before any gain. 5 automatic gain, 6 speech emphasis, 7 peak normalisation,
8 clip prevention: these shape speech, and a frame too quiet to hold any keeps only the gains it found.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from app.audio.conditioning.clipping import prevent_clipping
from app.audio.conditioning.emphasis import SpeechEmphasis
from app.audio.conditioning.filters import Cascade, dc_removal, high_pass, low_pass
from app.audio.conditioning.gain import AutomaticGain
from app.audio.conditioning.hush import Hush
from app.audio.conditioning.peaks import PeakNormaliser
from app.audio.conditioning.suppression import FLOOR, NoiseSuppressor
from app.audio.noise import RoomNoise
from app.audio.resample import FRAME_HOUSE_SAMPLES

QUIET_RMS = 125.0
"""Half of the level at which speech may continue (`activity.CONTINUE_RMS`): what is below cannot matter."""
FAINT_RMS = 250.0
"""After noise suppression: speech that is fainter does not even continue, so nothing of it is shaped."""


class Conditioner:
    """One caller's chain.

    After each frame: `room` knows the room's level, `level` is the frame's after the filters, `rms` after noise
    suppression and before any gain (both on the 16-bit scale), and `quiet` says whether the frame was too quiet for
    the later steps. `power` is the band powers of the last frame taken apart.
    """

    def __init__(self) -> None:
        self.room = RoomNoise()
        self.level = 0.0
        self.rms = 0.0
        self.quiet = True
        self._filters = Cascade(dc_removal(), high_pass(), low_pass())
        self._hush = Hush()
        self._suppress = NoiseSuppressor()
        self._gain = AutomaticGain()
        self._emphasise = SpeechEmphasis()
        self._normalise = PeakNormaliser()

    @property
    def power(self) -> NDArray[np.float32]:
        return self._suppress.power

    def __call__(self, frame: NDArray[np.float32]) -> NDArray[np.float32]:
        """960 samples in, 960 out, 2.6 ms late. The answer is overwritten by the next frame: copy what is kept."""
        filtered = self._filters(frame)
        self.level = _rms(filtered)
        room = self.room.update(self.level)
        self.quiet = self.level < QUIET_RMS
        if self.quiet:
            out = self._suppress.quiet(filtered, self._openness(room))
            self.rms = _rms(out)
            self._gain.hold(out)
            self._emphasise.skip(out)
            return out
        out = self._suppress(filtered)
        self.rms = _rms(out)
        if self.rms < FAINT_RMS:
            self._gain.hold(out)
            self._emphasise.skip(out)
            return out
        self._gain(out, self.rms)
        self._emphasise(out)
        prevent_clipping(out, self._normalise(out))
        return out

    def hush(self, line: NDArray[np.float32]) -> None:
        """160 samples at 8 kHz that are plainly quiet (`hush.PLAINLY_QUIET_RMS`): nothing comes out. The next frame at
        48 kHz must be led up to."""
        self.level = self._hush.level(line)
        self.rms = self.level * max(FLOOR, self._openness(self.room.update(self.level)))
        self.quiet = True
        if (power := self._hush.power()) is not None:
            self._suppress.learn(power)

    def lead_up(self, frame: NDArray[np.float32]) -> None:
        """The last hushed frame, at 48 kHz after all, so that the filters and overlaps of the next one begin in it."""
        self._suppress.lead_up(self._filters(frame))
        self._emphasise.skip(frame)

    def silent(self) -> None:
        """A frame of zeros after nothing but zeros: nothing is left to ring, and nothing is to be done."""
        self._filters.settle()
        self._suppress.settle()
        self.level = self.rms = 0.0
        self.quiet = True
        self.room.update(0.0)

    def _openness(self, room: int) -> float:
        """How much of a quiet frame passes: all of it well above the room, little at the room's own level."""
        if self.level <= 0.0:
            return 1.0
        share = room / self.level
        return 1.0 - min(1.0, share * share)


def _rms(frame: NDArray[np.float32] | NDArray[np.float64]) -> float:
    return math.sqrt(float(np.dot(frame, frame)) / FRAME_HOUSE_SAMPLES)
