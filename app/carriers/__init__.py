"""The ways a call reaches the house: one carrier a file."""
