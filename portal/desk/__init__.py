"""The desk: where people of the practice come by themselves, to take in requests and to see where cases stand."""
