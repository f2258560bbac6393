"""What somebody asks for in tests of the desk."""

ASKED = {
    "asker": "the patient",
    "patient": "Marisol Quintero-Vance",
    "born_on": "1988-04-17",
    "reach": "44 Larkspur Court",
    "channel": "by letter",
    "wants": "All of it",
    "kind": "copy",
}
"""What a patient of a name that nobody has asks for."""
