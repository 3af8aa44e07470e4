"""What every section of a persona is made of: the base class, and the kinds of text."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Spoken = Annotated[Phrase, AfterValidator(str.lower)]
"""A phrase to be found in what the caller says: kept in lower case, as it is compared."""
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]


class Part(BaseModel):
    """A section of a file: no key but those it names, and nothing that changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
