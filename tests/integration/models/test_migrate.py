"""Migrations make exactly the tables the code has."""

from models.migrate import differences, migrate


def test_a_migrated_store_differs_in_nothing_from_the_tables_in_the_code(store: str):
    assert differences(store) == []


def test_migrating_again_changes_nothing(store: str):
    migrate(store)
    assert differences(store) == []
