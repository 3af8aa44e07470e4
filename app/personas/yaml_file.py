"""Reading one YAML file with suspicion: what it says, and on which line it says it.

PyYAML alone takes the last of two equal keys without a word, and follows aliases that make a small file a huge one.
Both are refused here, and so is whatever is no plain text of a reasonable size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Never

import yaml
from pydantic import BaseModel, ValidationError

from app.personas.problems import KeyPath, PersonaError, Problem, dotted, problems_of

LARGEST_BYTES = 256 * 1024
"""A long persona takes 30 kB; at this size a file is a mistake, and the parser would hold up the start for seconds."""
DEEPEST = 20
"""Sections inside sections; the schemas need five."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content as plain Python values, and the line (from 1) of each key in it."""

    file: Path
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, key: KeyPath) -> int | None:
        """The line of `key`, or of the nearest section around it that is there."""
        return next((self.lines[key[:end]] for end in range(len(key), 0, -1) if key[:end] in self.lines), None)

    def refuse(self, problems: list[Problem]) -> Never:
        """Raise the first of `problems` (as they stand in the file) as a PersonaError that counts the others."""
        first = min(problems, key=lambda found: self.lines.get(found.key, inf))  # a misspelt key before the missing one
        line = self.line(first.key)
        raise PersonaError.at(self.file, dotted(first.key), first.message, line, more=len(problems) - 1)

    def check(self, model: type[BaseModel], problems: list[Problem]) -> BaseModel:
        """The content as a `model`. Raises PersonaError for what the model refuses, and for `problems` found before."""
        try:
            checked = model.model_validate(self.data)
        except ValidationError as error:
            self.refuse([*problems, *problems_of(error, model)])
        if problems:
            self.refuse(problems)
        return checked


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses aliases and bottomless nesting while it composes, before anything is built from them."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias *{event.anchor} is not allowed; write the text out")
        if self.depth > DEEPEST:
            self._refuse(event, f"more than {DEEPEST} sections inside each other")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    @staticmethod
    def _refuse(event: Any, text: str) -> Never:
        raise yaml.MarkedYAMLError(problem=text, problem_mark=event.start_mark)


def yaml_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files of `folder` by name. Raises PersonaError if there are none, or one that would be overlooked."""
    if not folder.is_dir():
        raise PersonaError.at(folder, "", "there is no such folder; make it, or start Parley in its own folder")
    visible = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in visible:
        if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml":
            raise PersonaError.at(path, "", f"would be overlooked; rename it to {path.stem}.yaml")
    files = tuple(path for path in visible if path.suffix == ".yaml")
    if not files:
        raise PersonaError.at(folder, "", "holds no .yaml file; add at least one")
    return files


def read(file: Path) -> Document:
    """`file` parsed. Raises PersonaError for what is no readable, plain, unambiguous YAML section."""
    text = _text(file)
    try:
        return _parse(file, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = f"is no proper YAML: {error.problem or error.context}"
        raise PersonaError.at(file, "", why, mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise PersonaError.at(file, "", f"is no proper YAML: {error}; save it as plain text") from None
    except PersonaError:
        raise
    except (ValueError, OverflowError) as error:  # a date like 2026-13-01, a number of a thousand digits
        raise PersonaError.at(file, "", f"holds a value that is no date or number: {error}; put it in quotes") from None


def _parse(file: Path, text: str) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise PersonaError.at(file, "", "is empty; write the keys in, or take the file away")
        if not isinstance(node, yaml.MappingNode):
            raise PersonaError.at(file, "", "must be keys with values, like `id: assistant`", node.start_mark.line + 1)
        lines: dict[KeyPath, int] = {}
        _locate(file, node, (), lines)
        return Document(file, loader.construct_document(node), lines)
    finally:
        loader.dispose()


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        text = f"cannot be read ({error.strerror}); check the file and its permissions"
        raise PersonaError.at(file, "", text) from None
    if len(raw) > LARGEST_BYTES:
        raise PersonaError.at(file, "", f"is larger than {LARGEST_BYTES // 1024} kB; shorten it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PersonaError.at(file, "", "is not UTF-8 text; save it with that encoding", line) from None


def _locate(file: Path, node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]) -> None:
    """Note the line of every key and item below `node`. Raises PersonaError for a key that is there twice."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*path, index)] = item.start_mark.line + 1
            _locate(file, item, (*path, index), lines)
    if not isinstance(node, yaml.MappingNode):
        return
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise PersonaError.at(file, dotted(path), "a key must be a word", name.start_mark.line + 1)
        key = (*path, name.value)
        if key in lines:
            text = f"is there twice (first in line {lines[key]}); keep one"
            raise PersonaError.at(file, dotted(key), text, name.start_mark.line + 1)
        lines[key] = name.start_mark.line + 1
        _locate(file, value, key, lines)
