"""HTTP and WebSocket shells."""
