"""The hashes are those of RFC 6962."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from models.merkle import Frontier, leaf_hash, node_hash, root_of

# Leaves and roots published with certificate-transparency-go (testonly): leaf inputs, then the root after each.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_root(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962, section 2.1, defines it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


def test_published_roots_come_out():
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert [root_of(hashes[: size + 1]).hex() for size in range(len(hashes))] == ROOTS


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_running_root_is_the_definitions(bodies: list[bytes]):
    hashes = [leaf_hash(body) for body in bodies]
    assert root_of(hashes) == recursive_root(hashes)


@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_a_frontier_goes_on_from_its_peaks(bodies: list[bytes], pause: int):
    hashes, before = [leaf_hash(body) for body in bodies], Frontier()
    for leaf in hashes[:pause]:
        before.add(leaf)
    after = Frontier.of(before.size, before.peaks())
    for leaf in hashes[pause:]:
        after.add(leaf)
    assert (after.size, after.root()) == (len(hashes), root_of(hashes))
