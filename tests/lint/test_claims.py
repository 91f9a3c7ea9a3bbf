"""Cycles of links are found, each link followed as often whatever the number of claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import loads
from claimtrack.lint import claims as links
from claimtrack.lint.claims import in_circles

IDS = "abcdef"


class Counted(dict):
    """A mapping that counts how often it is asked."""

    asked = 0

    def get(self, key, default=None):
        Counted.asked += 1
        return super().get(key, default)


def reached(start, ahead):
    """Return all ids to which links lead from *start*, one or more of them."""
    found, waiting = set(), list(ahead[start])
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += ahead.get(here, ())
    return found


@given(st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=4).map(tuple)))
def test_an_id_is_in_a_cycle_if_a_path_leads_back_to_it(ahead):
    expected = {start for start in ahead if start in reached(start, ahead)}

    assert set(links._in_cycles(ahead)) | {a for a in ahead if a in ahead[a]} == expected


@pytest.mark.parametrize("last", [None, 0])
def test_chains_and_rings_are_followed_once(last):
    def asked(n):
        ahead = Counted({str(k): (str(k + 1),) for k in range(n)})
        ahead[str(n)] = () if last is None else (str(last),)
        Counted.asked = 0
        assert len(list(links._in_cycles(ahead))) == (0 if last is None else n + 1)
        return Counted.asked

    assert asked(2_000) <= 2 * asked(1_000) + 1


def test_claims_in_cycles_are_given_in_their_order():
    claim = (
        '[[claim]]\nid = "{}"\nspeaker = "a"\nsaid = 2020-01-01\nsource = "s"\nquote = "q"\n'
        'not_checkable = "n"\nrefines = {}\n'
    )
    text = '[[speaker]]\nid = "a"\n[[source]]\nid = "s"\n'
    text += "".join(
        claim.format(id_, links_)
        for id_, links_ in {"z": ["x"], "y": ["z"], "x": ["y"], "w": ["x"], "v": []}.items()
    )

    assert in_circles(loads(text).claims, "refines") == ["z", "y", "x"]
