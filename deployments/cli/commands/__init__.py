"""The commands, one module each; the first sentence of a module is its line in the help."""
