"""Letters out: their words, their links, and the way to the mail server."""
