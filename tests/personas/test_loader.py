"""A faulty persona file is refused in one line that says where the fault is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.personas.loader import PersonaError, load_personas
from app.personas.problems import one_line
from app.personas.yaml_file import LARGEST_BYTES

WHOLE = """\
id: waiter
name: Tom
flow: assistant
metadata: {source_template_id: cafe}
greeting: Hello, {name} speaking.
knowledge:
  - id: name
    ask: [What Is Your Name]
    answer: "I'm { name }."
"""


def written(folder: Path, text: str | bytes = WHOLE, name: str = "waiter.yaml") -> Path:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(PersonaError) as refused:
        load_personas(folder)
    text = str(refused.value)
    assert len(text.splitlines()) == 1, "an operator reads one line"
    assert text.isprintable()
    return text


def test_a_persona_is_read_with_its_name_in_its_lines(tmp_path: Path) -> None:
    personas = load_personas(written(tmp_path))
    waiter = personas["waiter"]
    assert list(personas) == ["waiter"]
    assert waiter.greeting == "Hello, Tom speaking."
    assert waiter.knowledge[0].answer == "I'm Tom."


def test_phrases_to_be_compared_are_kept_in_lower_case(tmp_path: Path) -> None:
    text = WHOLE + "barge_in: {stop_words: [STOP, Hold On], backchannels: [Okay]}\nexpects: [Good Morning]\n"
    waiter = load_personas(written(tmp_path, text))["waiter"]
    assert waiter.knowledge[0].ask == ("what is your name",)
    assert waiter.barge_in.stop_words == ("stop", "hold on")
    assert waiter.barge_in.backchannels == ("okay",)
    assert waiter.expects == ("good morning",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("greeting:", "greting:"), "line 5: greting: unknown key; did you mean greeting? "),
        (
            ("metadata: {source_template_id: cafe}\n", ""),
            ": metadata.source_template_id: is missing; name the template",
        ),
        (("{source_template_id: cafe}", "{version: 2}"), "line 4: metadata.source_template_id: is missing; name"),
        (
            ("{source_template_id: cafe}", "cafe"),
            "line 4: metadata: must be a section with source_template_id, version",
        ),
        (("flow: assistant\n", ""), ": flow: is missing; add it"),
        (("flow: assistant\n", "flow: Assist!\n"), "line 3: flow: must look like"),
        (("id: waiter", "id: butler"), "line 1: id: 'butler' is not the file's name; write id: waiter"),
        (("id: waiter", "id: 007"), "line 1: id: must be text, but YAML reads 7 as something else; put it in quotes"),
        (("name: Tom", "name:"), "line 2: name: must be text, not nothing"),
        (("name: Tom", "name: yes"), "line 2: name: must be text, but YAML reads True as something else; put it in"),
        (("{name} speaking", "{nmae} speaking"), "line 5: greeting: {nmae} is no placeholder here; only {name}, {can"),
        (("{ name }", "{waiter}"), "line 9: knowledge[0].answer: {waiter} is no placeholder"),
        (("{ name }", "{role}"), "line 9: knowledge[0].answer: {role} is no placeholder"),
        (("[What Is Your Name]", "[]"), "line 8: knowledge[0].ask: must have at least 1 item"),
        (("flow: assistant", "flow: interview"), ": interview: is missing, and the flow is interview; add the section"),
    ],
)
def test_a_fault_is_named_by_file_line_and_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in WHOLE
    text = refusal(written(tmp_path, WHOLE.replace(*change)))
    assert f"{tmp_path.name}/waiter.yaml" in text
    assert said in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("voice: joe\n", "line 10: voice: must be a section with offline, elevenlabs, sarvam, not 'joe'"),
        ("voice: {online: {}}\n", "line 10: voice.online: unknown key; did you mean offline? allowed here: offline"),
        ("voice:\n  offline:\n    speed: 3\n", "line 12: voice.offline.speed: unknown key; "),
        (
            "voice:\n  offline: {pitch: 120}\n",
            "line 11: voice.offline.pitch: must be less than or equal to 99, not 120",
        ),
        ("voice: {offline: {pitch: low}}\n", "line 10: voice.offline.pitch: must be a whole number, not 'low'"),
        ("patience: {silence_ms: 5}\n", "line 10: patience.silence_ms: must be greater than or equal to 200, not 5"),
        ("keys: {x: hello}\n", "line 10: keys.x: must look like '^[0-9*#]$'"),
        ("keys: {1: hello}\n", "line 10: keys[1]: must be text, but YAML reads 1 as something else; put it in quotes"),
        ("lines: {reprompts: []}\n", "line 10: lines.reprompts: must have at least 1 item"),
        ("id: waiter\n", "line 10: id: is there twice (first in line 1); keep one"),
        ("limits: {maximum_call_s: 60, maximum_call_s: 61}\n", "line 10: limits.maximum_call_s: is there twice"),
        ("limits: {maximum_call_s: .nan}\n", "line 10: limits.maximum_call_s: must be"),
        ("expects: &all [hello]\nkeys: *all\n", "line 11: is no proper YAML: the alias *all is not allowed"),
        ("limits: [\n", "line 11: is no proper YAML: "),
        ("? [a, b]\n: c\n", "line 10: a key must be a word"),
        ("expects: " + "[" * 500 + "]" * 500 + "\n", "line 10: is no proper YAML: more than 20 sections inside each"),
        ("expects: [2026-13-45]\n", "holds a value that is no date or number: "),
        ("expects: [!!python/object:os.system x]\n", "line 10: is no proper YAML: could not determine a constructor"),
        ("---\nid: other\n", "line 10: is no proper YAML: "),
        ("interview: {topics: x}\n", "line 10: interview.topics: unknown key; did you mean topic? "),
        ('"ev\\nil": 1\n', "ev il: unknown key; "),
    ],
)
def test_what_is_added_wrongly_is_named_too(tmp_path: Path, more: str, said: str) -> None:
    assert said in refusal(written(tmp_path, WHOLE + more))


def test_the_first_fault_is_told_and_the_others_counted(tmp_path: Path) -> None:
    text = refusal(written(tmp_path, WHOLE + "voice: joe\npatience: {silence_ms: 5, silent: 1}\n"))
    assert "voice: must be a section" in text
    assert text.endswith("(and 2 more)")


def test_two_entries_of_one_id_are_refused(tmp_path: Path) -> None:
    text = refusal(written(tmp_path, WHOLE + "  - {id: name, ask: [who], answer: Me.}\n"))
    assert "knowledge: two entries have the id 'name'; give one another id" in text


def test_a_wording_may_not_ask_for_two_things(tmp_path: Path) -> None:
    text = refusal(written(tmp_path, WHOLE + "  - {id: self, ask: [what is your name], answer: Me.}\n"))
    assert "knowledge: 'what is your name' asks for both 'name' and 'self'; take it out of one" in text


def test_an_id_that_another_file_has_is_refused_with_that_file(tmp_path: Path) -> None:
    written(tmp_path)
    text = refusal(written(tmp_path, WHOLE, "zoe.yaml"))
    assert "zoe.yaml line 1: id: 'waiter' is taken by waiter.yaml; write id: zoe, or rename the file" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; write the keys in"),
        (b"# nothing but a remark\n", "is empty"),
        (b"- id: waiter\n", "line 1: must be keys with values"),
        (b"id: waiter\nname: caf\xe9\n", "line 2: is not UTF-8 text; save it with that encoding"),
        (b"id: a\x00b\n", "is no proper YAML: "),
        (b"\x89PNG\r\n\x1a\n", "is not UTF-8 text"),
        (b"#" * (LARGEST_BYTES + 1), "is larger than 256 kB; shorten it"),
        (b"id: " + b"9" * 9000 + b"\n", "holds a value that is no date or number"),
    ],
)
def test_what_is_no_yaml_text_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(written(tmp_path, content))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert "waiter" in load_personas(written(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode()))


def test_a_folder_that_is_missing_or_empty_is_no_set_of_personas(tmp_path: Path) -> None:
    assert "holds no .yaml file" in refusal(tmp_path)
    assert "there is no such folder" in refusal(tmp_path / "nowhere")


def test_a_file_that_would_be_overlooked_is_refused(tmp_path: Path) -> None:
    assert "waiter.yml: would be overlooked; rename it to waiter.yaml" in refusal(written(tmp_path, name="waiter.yml"))


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "waiter.yaml").mkdir()
    assert "waiter.yaml: cannot be read (Is a directory); check the file" in refusal(tmp_path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: WHOLE.encode() + text.encode()))
def test_whatever_is_in_a_file_it_is_a_persona_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = written(tmp_path_factory.mktemp("any"), content)
    refused = ""
    try:
        load_personas(folder)
    except PersonaError as error:
        refused = str(error)
    assert refused == one_line(refused)
