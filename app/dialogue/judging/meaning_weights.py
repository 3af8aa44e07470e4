"""What the features of `likeness` weigh, in its order.

Made by `python -m tests.bench.judging_fit --write` from the second, third and fourth lot of graded
answers under `tests/dialogue/judging`; docs/judging.md says how well they do on what they were not learnt from.
"""

from __future__ import annotations

THRESHOLD = 0.5
"""A key point counts that is as likely as this. From 0.45 to 0.55 the agreement on what was not learnt from changes by
one point."""

COEFFICIENTS = (
    -3.332,  # one
    1.166,  # words
    1.874,  # gist
    -1.839,  # point
    -0.291,  # wording
    -2.598,  # five wordings
    2.440,  # all wordings
    -0.463,  # beside the others
    2.419,  # pieces of the point
    1.435,  # early pieces of the point
    1.980,  # pieces of a wording
    2.141,  # early pieces of a wording
    1.513,  # pieces of five
    1.657,  # early pieces of five
    -0.901,  # point from the middle
    2.901,  # all from the middle
    0.714,  # wording from the middle
    -0.238,  # five from the middle
    3.549,  # point before others
    5.108,  # wording before others
    -5.631,  # question
    -1.598,  # wordings
    -0.307,  # wordings squared
    -1.254,  # wordings by five
    0.259,  # wordings by one
    1.288,  # wordings by early pieces of five
)
