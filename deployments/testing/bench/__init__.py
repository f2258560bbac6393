"""The benchmark: our worker beside Prefect's process worker, in one run, on one stack. `make bench`."""
