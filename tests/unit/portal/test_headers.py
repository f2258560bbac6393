"""Headers over TLS."""

from portal.headers import headers_for


def test_a_year_of_https_is_promised_only_over_tls():
    assert "max-age=31536000" in headers_for(https=True)["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in headers_for(https=False)
