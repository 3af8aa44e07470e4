"""Runs calls: executes the core's actions and owns their tasks, buffers and files."""
