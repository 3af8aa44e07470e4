"""The parts of `python -m app chat`: what is typed, what is shown, the server, and the talk between them."""
