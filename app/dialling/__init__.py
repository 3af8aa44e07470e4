"""When a scheduled call may be dialled, what comes after each attempt, and when to stop: pure rules."""
