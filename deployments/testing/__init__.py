"""For tests, ours and those of whoever adds a cycle: the whole stack, a worker in this process, a small clinic."""
