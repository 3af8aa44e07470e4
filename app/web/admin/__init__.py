"""The admin pages: calls, one call, who answers; rendered here, readable without a script."""
