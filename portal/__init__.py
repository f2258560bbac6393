"""Answers in: the pages behind the links. Plain HTML, no JavaScript."""
