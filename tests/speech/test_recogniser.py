"""The offline recogniser in its own processes: it understands what it expects, and is not brought down."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.audio.sound import Sound
from app.speech.lanes import Lanes, WorkerLost
from app.speech.offline import OfflineSpeechToText
from app.speech.protocols import ProviderContext, ProviderError
from app.speech.recognition import GUESS
from app.speech.sphinx_worker import begin, process_id
from tests.speech.callers import PERSONAS, RECORDINGS, UNRELATED, noises, recorded, spoken, understood, word_errors

pytestmark = pytest.mark.asyncio(loop_scope="module")
CAFE = PERSONAS["receptionist"]
SILENCE = Sound(b"\xff" * 16_000, 8_000, "mulaw")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recogniser() -> AsyncIterator[OfflineSpeechToText]:
    part = OfflineSpeechToText(ProviderContext({CAFE.id: CAFE}, {"OFFLINE_WORKERS": "1"}))
    await part.warm()
    yield part
    await part.aclose()


SAID = (
    "good morning", "what are your opening hours", "do you have any vegan food", "where are you", "yes please",
    "no thanks", "how much is a flat white", "can i book a table", "do you have wifi", "thank you very much",
)  # fmt: skip


@pytest.mark.parametrize("snr_db", [None, 20.0])
async def test_expected_phrases_are_understood(recogniser: OfflineSpeechToText, snr_db: float | None) -> None:
    heard = [await recogniser.transcribe(spoken(said, ("en-us", "f2"), snr_db), CAFE) for said in SAID]
    wrong = sum(word_errors(said, understood(transcript)) for said, transcript in zip(SAID, heard, strict=True))
    # A guard, not the aim: rejected turns count as wholly wrong here; docs/offline-speech.md has the figures.
    assert wrong <= 0.35 * sum(len(said.split()) for said in SAID)
    assert all(GUESS <= (transcript.confidence or 0) <= 1 for transcript in heard if transcript.text)


async def test_silence_and_noise_say_nothing(recogniser: OfflineSpeechToText) -> None:
    heard = [await recogniser.transcribe(sound, CAFE) for sound in (SILENCE, Sound(b"", 8_000, "mulaw"), *noises()[:4])]
    assert [understood(transcript) for transcript in heard] == [""] * len(heard)


async def test_unrelated_speech_is_mostly_not_taken_for_something_expected(recogniser: OfflineSpeechToText) -> None:
    heard = [await recogniser.transcribe(spoken(text), CAFE) for text in UNRELATED]
    # One in seven on the average (docs/offline-speech.md), but espeak-ng never says a thing the same way twice.
    assert sum(bool(understood(transcript)) for transcript in heard) <= len(UNRELATED) // 2


@pytest.mark.skipif(not RECORDINGS.exists(), reason="needs the recordings in ../shared/speech")
async def test_a_person_reading_a_novel_is_not_understood(recogniser: OfflineSpeechToText) -> None:
    names = ("librivox-0880", "librivox-0890", "read-spk1-snt2", "read-spk2-snt4")
    heard = [await recogniser.transcribe(recorded(f"speech/{name}.wav"), CAFE) for name in names]
    assert sum(bool(understood(transcript)) for transcript in heard) <= 1


async def test_the_event_loop_is_free_meanwhile(recogniser: OfflineSpeechToText) -> None:
    working = asyncio.ensure_future(recogniser.transcribe(spoken(UNRELATED[0]), CAFE))
    turns = 0
    while not working.done():
        await asyncio.sleep(0.002)
        turns += 1
    assert turns > 20  # a blocked loop would come round once or twice


async def test_another_language_is_refused_with_what_to_do(recogniser: OfflineSpeechToText) -> None:
    with pytest.raises(ProviderError, match=r"receptionist.yaml: language: .*English.*'de'.*STT_PROVIDER"):
        await recogniser.transcribe(SILENCE, CAFE.model_copy(update={"language": "de"}))


async def test_a_worker_killed_in_a_turn_costs_that_turn_alone(recogniser: OfflineSpeechToText) -> None:
    turn = asyncio.ensure_future(recogniser.transcribe(spoken(UNRELATED[0] + UNRELATED[1] + UNRELATED[2]), CAFE))
    await asyncio.sleep(0.05)
    for process in multiprocessing.active_children():
        process.kill()
    with pytest.raises(ProviderError, match="died"):
        await turn
    assert (await recogniser.transcribe(spoken("good morning"), CAFE)).text == "good morning"


async def test_a_worker_killed_between_turns_costs_nothing(recogniser: OfflineSpeechToText) -> None:
    await recogniser.transcribe(SILENCE, CAFE)
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    assert (await recogniser.transcribe(spoken("good morning"), CAFE)).text == "good morning"


async def test_a_stuck_worker_is_replaced_and_so_is_one_that_works_for_nobody() -> None:
    lost: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: lost.append(str(told["message"])))
    lanes = Lanes(1, process_id, begin, ((),))
    await lanes.warm()
    first = await lanes.run(5, process_id)
    with pytest.raises(WorkerLost, match="took over"):
        await lanes.run(0.05, time.sleep, 60)
    second = await lanes.run(5, process_id)
    unwanted = asyncio.ensure_future(lanes.run(60, time.sleep, 60))
    await asyncio.sleep(0.05)
    unwanted.cancel()
    third = await asyncio.wait_for(lanes.run(5, process_id), 10)
    await lanes.aclose()
    assert len({first, second, third}) == 3
    gc.collect()
    await asyncio.sleep(0)
    assert lost == [], "nobody waits for what a worker that was ended did not do, and nobody misses it"


async def test_a_worker_ignores_the_server_s_signals() -> None:
    lanes = Lanes(1, process_id, begin, ((),))
    pid = await lanes.run(5, process_id)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    assert await lanes.run(5, process_id) == pid
    await lanes.aclose()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
async def test_workers_go_when_their_parent_is_killed() -> None:
    code = textwrap.dedent("""
        import asyncio
        from app.speech.lanes import Lanes
        from app.speech.sphinx_worker import begin, process_id
        async def main():
            print(await Lanes(1, process_id, begin, ((),)).run(20, process_id), flush=True)
            await asyncio.sleep(60)
        if __name__ == "__main__":
            asyncio.run(main())
    """)
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    assert alive(worker)
    parent.kill()
    await parent.communicate()
    assert await asyncio.to_thread(gone, worker)


def gone(pid: int) -> bool:
    """Whether the process ends within five seconds."""
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def alive(pid: int) -> bool:
    """Whether a process of this id runs; one that is dead but not yet fetched by its parent does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
