"""`make bench-turns-live`: turns and interruptions through the whole server, over sockets, in real time."""
