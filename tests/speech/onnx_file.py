"""Tiny ONNX models, written by hand: the package `onnx` is not needed to run one, and none is downloaded."""

from __future__ import annotations

FLOAT = 1


def judge(name: str = "input_features", shape: tuple[int, ...] = (80, 800), *, probability: bool = True) -> bytes:
    """A model of one input (batch, *shape): the sigmoid of its mean, as (batch, 1); or the bare mean."""
    axes = range(1, len(shape) + 1)
    last = "mean" if probability else "logits"
    nodes = [_node("ReduceMean", name, last, _ints("axes", tuple(axes)), _int("keepdims", 0))]
    if probability:
        nodes.append(_node("Sigmoid", last, "logits"))
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, b"judge")
    graph += _bytes(11, _value(name, ("batch", *shape))) + _bytes(12, _value("logits", ("batch",)))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


def _node(kind: str, taken: str, given: str, *attributes: bytes) -> bytes:
    node = _bytes(1, taken.encode()) + _bytes(2, given.encode()) + _bytes(4, kind.encode())
    return node + b"".join(_bytes(5, attribute) for attribute in attributes)


def _value(name: str, shape: tuple[str | int, ...]) -> bytes:
    sizes = b"".join(_bytes(1, _bytes(2, n.encode()) if isinstance(n, str) else _number(1, n)) for n in shape)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, sizes)))


def _int(name: str, value: int) -> bytes:
    return _bytes(1, name.encode()) + _number(3, value) + _number(20, 2)


def _ints(name: str, values: tuple[int, ...]) -> bytes:
    return _bytes(1, name.encode()) + b"".join(_number(8, value) for value in values) + _number(20, 7)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low = bytes([value & 0x7F])
    return low if value < 0x80 else bytes([value & 0x7F | 0x80]) + _varint(value >> 7)
