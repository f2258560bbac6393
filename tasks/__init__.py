"""Prefect tasks: what touches the world."""
