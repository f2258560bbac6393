"""What tests of the portal need: a small clinic to ask, and pages as a browser without JavaScript sees them."""
