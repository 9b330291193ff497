"""Training of what the package carries. Needs torch; nothing at run time imports this."""
