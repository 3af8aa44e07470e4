"""Conditioning: eight steps that make a telephone's 48 kHz frames fit to be judged."""

from app.audio.conditioning.chain import Conditioner

__all__ = ["Conditioner"]
