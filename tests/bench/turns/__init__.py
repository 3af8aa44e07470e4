"""`make bench-turns`: how well turns are told from pauses, and interruptions from noises, on telephone audio."""
