"""What is started and where: the command line, the processes, the demo clinic."""
