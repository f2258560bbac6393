"""The store's migrations, from the first table on."""
