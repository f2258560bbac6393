"""The binder: what the record holds of a clinic and a period, as an investigator asks for it, with its proof."""
