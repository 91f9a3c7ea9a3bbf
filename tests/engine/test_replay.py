"""What a replay tells of each day, and of days past the last of those that it was asked for."""

import pytest

from claimtrack import loads
from claimtrack.model.verdict import KnownBy, Status

TEXT = """
[[speaker]]
id = "ada"
[[source]]
id = "post"
[[fact]]
id = "launch"
kind = "event"
[[evidence]]
id = "report"
source = "post"
fact = "launch"
happened = 2019-05-01
published = 2019-05-10
withdrawn = 2019-08-01
withdrawn_because = "an error"
[[claim]]
id = "it"
speaker = "ada"
said = 2019-01-01
source = "post"
quote = "It will fly."
criterion = {criterion}
"""
LAUNCH = '{ event = "launch", by = 2019-06-30 }'
BY_TWO = '{ event = "launch", by = 2019-06-30, min_sources = 2 }'


@pytest.mark.parametrize("criterion", [LAUNCH, f"{{ not = {{ not = {LAUNCH} }} }}"])
def test_a_claim_can_be_asked_for_on_days_past_the_last(criterion):
    replay = loads(TEXT.replace("{criterion}", criterion)).replay(["2019-02-01", "2019-03-01"])
    asked = ["2019-03-01", "2019-05-10", "2019-08-01", "2019-02-01"]

    found = [replay.outcome("it", day_of(text)).status for text in asked]

    assert found == [Status.PENDING, Status.HELD, Status.OVERDUE, Status.PENDING]


def test_a_plain_claim_can_be_asked_for_on_days_past_the_last():
    text = TEXT.replace("{criterion}", LAUNCH).replace("withdrawn", "# withdrawn")
    replay = loads(text).replay(["2019-02-01"])

    assert replay.outcome("it", day_of("2019-05-09")).status is Status.PENDING
    assert replay.outcome("it", day_of("2019-05-10")).status is Status.HELD


def day_of(text):
    (day,) = loads("[[speaker]]\nid = 'ada'").replay([text]).days
    return day


def test_a_replay_counts_the_claims_that_had_not_been_said():
    claims = TEXT[TEXT.index("[[claim]]") :].replace("{criterion}", LAUNCH)
    later = [
        claims.replace('"it"', f'"later-{number}"').replace("2019-01-01", f"2019-0{number}-01")
        for number in (2, 3, 4)
    ]

    replay = loads(TEXT.replace("{criterion}", LAUNCH) + "".join(later)).replay(
        ["2018-12-31", "2019-01-01", "2019-02-01", "2019-03-01", "2019-04-01"]
    )

    assert [one.not_yet_said for one in replay] == [4, 3, 2, 1, 0]


def test_a_replay_tells_its_days_and_whose_knowledge_counts():
    replay = loads(TEXT.replace("{criterion}", BY_TWO)).replay(
        ["2019-07-01", "2018-12-31", "2019-06-30"], known_by="recorded"
    )

    assert replay.known_by is KnownBy.RECORDED
    assert [str(one.day) for one in replay] == ["2019-07-01", "2018-12-31", "2019-06-30"]
    assert [one.not_yet_said for one in replay] == [0, 1, 0]
    assert replay[0].counts == {status: int(status is Status.OVERDUE) for status in Status}
    assert replay[2].counts == {status: int(status is Status.PENDING) for status in Status}
    assert len(replay) == 3
