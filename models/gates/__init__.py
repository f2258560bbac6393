"""Gates before a record is released: pure checks of what the law wants to be there, element by element."""
