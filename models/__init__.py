"""What is true: the tables and the rules. Knows nothing of Prefect, mail or web."""
