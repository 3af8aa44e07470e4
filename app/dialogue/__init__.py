"""What to say next: one pure module per flow."""
