"""What a caller says, and what the flows answer."""
