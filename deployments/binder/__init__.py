"""Making a binder: the PDF, the folder or zip, and the ledger entry that vouches for it."""
