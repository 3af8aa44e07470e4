"""Whatever size pieces come in, frames of 160 bytes come out, at the place on the stream where they belong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio import mulaw
from app.audio.mulaw import FrameCutter, LineFrame


def test_a_code_survives_being_decoded_and_encoded() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)  # negative zero comes back as zero
    assert mulaw.encode(mulaw.decode(codes)) == codes


def test_decoding_gives_the_levels_of_g711() -> None:
    levels = np.frombuffer(mulaw.decode(b"\x00\x80\xff\x7f\xfe"), dtype="<i2")
    assert levels.tolist() == [-32124, 32124, 0, 0, 8]


def test_half_a_sample_cannot_be_encoded() -> None:
    with pytest.raises(ValueError, match="pairs of bytes"):
        mulaw.encode(b"\x00\x01\x02")


@given(st.binary(max_size=1500), st.data())
def test_any_splitting_gives_the_same_frames(sound: bytes, data: st.DataObject) -> None:
    at = sorted(data.draw(st.lists(st.integers(0, len(sound)), max_size=12)))
    cutter, frames = FrameCutter(), []
    for begin, end in zip([0, *at], [*at, len(sound)], strict=True):
        frames += cutter.push(sound[begin:end])
    assert frames == FrameCutter().push(sound)
    assert [frame.position for frame in frames] == list(range(0, len(sound) // 160 * 160, 160))
    frames += cutter.flush()
    assert b"".join(frame.mulaw for frame in frames)[: len(sound)] == sound
    assert all(len(frame.mulaw) == 160 for frame in frames)


def test_lost_audio_moves_the_position_on() -> None:
    cutter = FrameCutter()
    cutter.push(b"\x01" * 160, timestamp_ms=0)
    (after,) = cutter.push(b"\x02" * 160, timestamp_ms=80)
    assert after.position == 640


def test_a_frame_begun_before_the_loss_is_filled_with_silence() -> None:
    cutter = FrameCutter()
    cutter.push(b"\x01" * 100, timestamp_ms=0)
    begun, after = cutter.push(b"\x02" * 160, timestamp_ms=100)
    assert begun == LineFrame(0, b"\x01" * 100 + b"\xff" * 60)
    assert after.position == 800


def test_the_start_of_the_stream_counts_from_its_first_timestamp() -> None:
    (first,) = FrameCutter().push(b"\x01" * 160, timestamp_ms=60)
    assert first.position == 480


@pytest.mark.parametrize("timestamp_ms", [-5, 0, 5, 25, 39])
def test_jitter_and_old_timestamps_move_nothing(timestamp_ms: int) -> None:
    cutter = FrameCutter()
    cutter.push(b"\x01" * 160, timestamp_ms=0)
    (frame,) = cutter.push(b"\x02" * 160, timestamp_ms=timestamp_ms)
    assert frame.position == 160


def test_an_absurd_timestamp_moves_nothing_and_the_next_good_one_counts() -> None:
    cutter = FrameCutter()
    cutter.push(b"\x01" * 160, timestamp_ms=0)
    (odd,) = cutter.push(b"\x02" * 160, timestamp_ms=86_400_000)
    (good,) = cutter.push(b"\x03" * 160, timestamp_ms=60)
    assert (odd.position, good.position) == (160, 480)


def test_a_clock_set_anew_is_followed_once_two_timestamps_agree() -> None:
    cutter = FrameCutter()
    cutter.push(b"\x01" * 160, timestamp_ms=0)
    hour_ms = 3_600_000
    positions = [cutter.push(b"\x02" * 160, hour_ms + ms)[0].position for ms in (20, 40, 100)]
    assert positions == [160, 320, 800]


def test_no_timestamp_leads_beyond_what_the_time_allows() -> None:
    cutter = FrameCutter()
    for number in range(100):
        (frame,) = cutter.push(b"\x01" * 160, timestamp_ms=number * 9990, furthest=160_000)
    assert frame.position <= 160_000 + 100 * 160


@given(st.lists(st.tuples(st.binary(max_size=400), st.one_of(st.none(), st.integers(-(10**12), 10**12)))))
def test_positions_never_go_back_nor_leap(pieces: list[tuple[bytes, int | None]]) -> None:
    cutter, end = FrameCutter(), 0
    for payload, timestamp_ms in pieces:
        for frame in cutter.push(payload, timestamp_ms):
            assert end <= frame.position <= end + mulaw.LONGEST_LOSS_MS * 8 + 160
            assert len(frame.mulaw) == 160
            end = frame.position + 160
