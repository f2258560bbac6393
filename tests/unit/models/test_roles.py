"""The roles people hold."""

from models.roles import Role


def test_roles_have_titles_people_use():
    assert Role.PRIVACY_OFFICIAL.title == "privacy official"
    assert all("_" not in role.title for role in Role)
