"""Whose address a failed sign-in is counted for."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt

from accounts.addresses import client_address, counted_address

SENT = "203.0.113.9, 198.51.100.7, 192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, SENT, "10.0.0.1"),
        (1, SENT, "192.0.2.1"),
        (2, SENT, "198.51.100.7"),
        (4, SENT, "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "unknown", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(rf, settings, proxies, header, address):
    settings.PROXY_COUNT = proxies
    request = rf.get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == address


def test_a_request_without_any_address_has_none(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None


def test_a_failed_sign_in_is_counted_for_the_address_behind_the_proxy(client, db, settings):
    settings.PROXY_COUNT = 1
    client.post("/login/", {"username": "E001", "password": "wrong"}, headers={"X-Forwarded-For": SENT})
    assert AccessAttempt.objects.get().ip_address == "192.0.2.1"


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", None),
        ("a socket of its own", "a socket of its own"),
    ],
)
def test_addresses_of_one_network_count_together(rf, settings, seen, counted):
    settings.PROXY_COUNT = 0
    assert counted_address(rf.get("/", REMOTE_ADDR=seen)) == counted


def test_failures_are_counted_for_the_network_and_written_down_with_the_address(client, db, settings, caplog):
    settings.FAILURES_PER_ADDRESS = 2
    for number in range(3):
        page = client.post(
            "/login/", {"username": f"E{number}", "password": "wrong"}, REMOTE_ADDR=f"2001:db8::{number}"
        )
    assert page.status_code == 429
    assert {attempt.ip_address for attempt in AccessAttempt.objects.all()} == {"2001:db8::"}
