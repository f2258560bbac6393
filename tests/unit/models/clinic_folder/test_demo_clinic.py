"""The demo clinic is clean and puts the rules of the review to work."""

from deployments.demo_clinic import demo_clinic_path
from models.clinic_folder.testing import folder_of
from models.roles import Role


def test_the_demo_clinic_has_no_mistakes():
    folder = folder_of(demo_clinic_path())
    assert folder.clinic.slug == "maple-grove"
    assert [policy.slug for policy in folder.policies] == [
        "access",
        "business-associates",
        "device-and-media",
        "incident-response",
        "psychotherapy-notes",
        "release-of-information",
        "sanctions",
        "sud-records",
        "telehealth",
        "workforce-training",
    ]


def test_the_demo_clinic_puts_every_rule_of_the_review_to_work():
    folder = folder_of(demo_clinic_path())
    owners = [policy.owner for policy in folder.policies]
    officials = [person.id for person in folder.clinic.people if Role.PRIVACY_OFFICIAL in person.roles]
    assert len(set(owners)) >= 5
    assert sum(owners.count(official) for official in officials) >= 2
    assert all(person.deputy for person in folder.clinic.people)
    assert sum(bool(person.leave) for person in folder.clinic.people) >= 2
    assert all(350 <= len(policy.text.split()) <= 750 for policy in folder.policies)
