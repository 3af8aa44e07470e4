"""The call as a state machine: pure, testable in microseconds, replayable."""
