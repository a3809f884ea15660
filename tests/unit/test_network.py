"""Hosts: looked up once, every address looked at, and connections that go nowhere else."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import trustme
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NameResolutionError, SSLError

from digest.network import Hosts, PrivateHost, by_host, guarded_pools, host_of, is_public
from tests.unit.sources.scripted_site import Site, page


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def anybody(host: str, port: int, address: str) -> bool:
    return True


def found(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: addresses


def get(address: str, hosts: Hosts) -> tuple[int, bytes]:
    response = guarded_pools(hosts, retries=False, timeout=2.0).request("GET", address)
    return response.status, response.data


def port_of(site: Site) -> int:
    return int(site.at("").rpartition(":")[2])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("10.0.0.1", False),
        ("172.31.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("0.0.0.0", False),
        ("0.1.2.3", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_which_addresses_the_world_can_reach(address: str, public: bool) -> None:
    assert is_public(address) is public


@given(st.ip_addresses(v=4))
def test_ipv4_in_ipv6_is_no_more_public_than_it_is_alone(address: ipaddress.IPv4Address) -> None:
    alone = is_public(str(address))
    assert is_public(f"::ffff:{address}") is alone
    assert is_public(str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))) is alone


class TestHosts:
    def test_are_looked_up_once(self) -> None:
        looked_up: list[str] = []

        def resolve(host: str, port: int) -> Sequence[str]:
            looked_up.append(host)
            return ("93.184.215.14",) if len(looked_up) == 1 else ("10.0.0.1",)

        hosts = Hosts(lambda host, port, address: is_public(address), resolve)
        assert [hosts.addresses("docket.example", 80) for _ in range(3)] == [("93.184.215.14",)] * 3
        assert looked_up == ["docket.example"]

    def test_are_refused_for_a_single_address(self) -> None:
        hosts = Hosts(lambda host, port, address: is_public(address), found("93.184.215.14", "10.0.0.1"))
        with pytest.raises(PrivateHost) as refused:
            hosts.addresses("docket.example", 80)
        assert (refused.value.host, refused.value.addresses) == ("docket.example", ("10.0.0.1",))

    def test_without_an_address_are_refused(self) -> None:
        with pytest.raises(PrivateHost):
            Hosts(anybody, found()).addresses("docket.example", 80)

    @pytest.mark.parametrize("host", ["10.0.0.1", "::1", "fe80::1%eth0"])
    def test_that_are_addresses_are_not_looked_up_but_looked_at(self, host: str) -> None:
        looked_at: list[tuple[str, int, str]] = []
        hosts = Hosts(lambda *place: bool(looked_at.append(place)) or True, found())
        assert hosts.addresses(host, 81) == (host,)
        assert looked_at == [(host, 81, host)]

    def test_that_are_not_found_in_time_are_left_behind(self) -> None:
        answered = threading.Event()

        def never(host: str, port: int) -> Sequence[str]:
            answered.wait(30)
            return ("93.184.215.14",)

        with pytest.raises(TimeoutError):
            Hosts(anybody, never).addresses("docket.example", 80, 0.05)
        answered.set()

    def test_that_are_not_found_may_be_found_later(self) -> None:
        answers: list[Sequence[str]] = [("93.184.215.14",)]

        def resolve(host: str, port: int) -> Sequence[str]:
            if port == 1:
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            return answers[0]

        hosts = Hosts(anybody, resolve)
        with pytest.raises(socket.gaierror):
            hosts.addresses("docket.example", 1)
        assert hosts.addresses("docket.example", 80) == answers[0]


class TestConnections:
    def test_go_to_the_address_and_name_the_host(self, site: Site) -> None:
        site.acts["/a"] = page("here")
        address = f"http://docket.example:{port_of(site)}/a"
        assert get(address, Hosts(anybody, found("127.0.0.1"))) == (200, b"here")
        assert site.asked[0][1]["host"] == f"docket.example:{port_of(site)}"

    def test_are_kept(self, site: Site) -> None:
        site.acts["/a"] = page("here")
        pools = guarded_pools(Hosts(anybody, found("127.0.0.1")), retries=False)
        ports = {pools.request("GET", f"http://docket.example:{port_of(site)}/a").status for _ in range(3)}
        (pool,) = [pools.pools[key] for key in pools.pools.keys()]  # noqa: SIM118 - it is no mapping
        assert (ports, pool.num_connections) == ({200}, 1)

    def test_try_one_address_after_the_other(self, site: Site) -> None:
        site.acts["/a"] = page("here")
        address = f"http://docket.example:{port_of(site)}/a"
        assert get(address, Hosts(anybody, found("127.0.0.9", "127.0.0.1")))[0] == 200

    def test_are_not_made_to_whom_is_not_admitted(self, site: Site) -> None:
        with pytest.raises(PrivateHost):
            get(site.at("/a"), Hosts(lambda *place: False))
        assert site.asked == []

    def test_to_an_unknown_host(self) -> None:
        def unknown(host: str, port: int) -> Sequence[str]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        with pytest.raises(NameResolutionError):
            get("http://docket.example/", Hosts(anybody, unknown))

    def test_to_what_is_no_name(self) -> None:
        def impossible(host: str, port: int) -> Sequence[str]:
            raise UnicodeError("label too long")

        with pytest.raises(LocationParseError):
            get("http://docket.example/", Hosts(anybody, impossible))

    def test_wait_no_longer_for_a_name_than_for_a_connection(self) -> None:
        answered = threading.Event()

        def never(host: str, port: int) -> Sequence[str]:
            answered.wait(30)
            return ()

        with pytest.raises(ConnectTimeoutError):
            guarded_pools(Hosts(anybody, never), retries=False, timeout=0.05).request("GET", "http://docket.example/")
        answered.set()


class TestSafeConnections:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def secure(self, site: Site, authority: trustme.CA) -> Site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("docket.example").configure_cert(context)
        self.named: list[str | None] = []
        context.sni_callback = lambda _, name, __: self.named.append(name)
        site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
        site.acts["/a"] = page("here")
        return site

    @pytest.fixture
    def pools(self, authority: trustme.CA, tmp_path: Path) -> urllib3.PoolManager:
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        hosts = Hosts(anybody, found("127.0.0.1"))
        return guarded_pools(hosts, retries=False, timeout=5.0, ca_certs=str(tmp_path / "authority.pem"))

    def test_ask_for_the_certificate_of_the_name(self, secure: Site, pools: urllib3.PoolManager) -> None:
        response = pools.request("GET", f"https://docket.example:{port_of(secure)}/a")
        assert (response.data, self.named) == (b"here", ["docket.example"])
        assert secure.asked[0][1]["host"] == f"docket.example:{port_of(secure)}"

    def test_are_not_made_with_another_s(self, secure: Site, pools: urllib3.PoolManager) -> None:
        with pytest.raises(SSLError):
            pools.request("GET", f"https://ledger.example:{port_of(secure)}/a")

    def test_share_what_they_trust(self, secure: Site, pools: urllib3.PoolManager) -> None:
        for host in ("docket.example", "docket.example."):
            assert pools.request("GET", f"https://{host}:{port_of(secure)}/a").status == 200
        made = [pools.pools[key] for key in pools.pools.keys()]  # noqa: SIM118 - it is no mapping
        assert len(made) == 2
        assert len({id(pool.conn_kw["ssl_context"]) for pool in made}) == 1


class TestByHost:
    def test_hosts_take_turns_in_as_many_rows_as_each_may_have(self) -> None:
        addresses = [f"http://{host}.example/{number}" for host in ("a", "b") for number in range(3)]
        rows = by_host(addresses, host_of, 2)
        assert [next(row)[7:] for row in rows] == ["a.example/0", "b.example/0", "a.example/1", "b.example/1"]

    def test_a_slow_one_holds_up_its_row_and_not_those_behind_it(self) -> None:
        slow, other = by_host(["http://a.example/slow", *(f"http://a.example/{n}" for n in range(3))], host_of, 2)
        assert next(slow).endswith("/slow")
        assert [address[-1] for address in other] == ["0", "1", "2"]
        assert list(slow) == []

    @given(st.lists(st.sampled_from("abcd")), st.integers(1, 4))
    def test_nothing_is_lost(self, hosts: list[str], per_host: int) -> None:
        rows = [list(row) for row in by_host(range(len(hosts)), lambda at: hosts[at], per_host)]
        assert sorted(at for row in rows for at in row) == list(range(len(hosts)))
        assert all(len({hosts[at] for at in row}) <= 1 for row in rows)
        assert len(rows) == sum(min(per_host, hosts.count(host)) for host in set(hosts))

    def test_what_has_no_host_has_a_row_of_its_own(self) -> None:
        assert (host_of("/srv/feed.xml"), host_of("http://[::1"), host_of("HTTP://A.Example/")) == ("", "", "a.example")
