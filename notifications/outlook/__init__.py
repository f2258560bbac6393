"""Classic Outlook for Windows, which nobody has at hand when they change a letter: what is published about it."""
