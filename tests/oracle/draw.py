"""Chance for one random registry: days close to a few anchors, and spans that come back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any


@dataclass
class Draw:
    """A source of chance for one registry, with the days and spans it likes to come back to."""

    chance: Random
    decades: bool
    is_tight: bool
    is_plain: bool
    anchors: list[date] = field(default_factory=list)
    pool: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        start = date(2019, 1, 1) + timedelta(days=self.chance.randrange(330))
        reach = 5 if self.is_tight else 70
        self.anchors = [start + timedelta(days=self.chance.randrange(reach)) for _ in range(5)]
        self.pool = [self.fresh() for _ in range(7)]

    def sometimes(self, share: float) -> bool:
        """Say yes in that share of the cases."""
        return self.chance.random() < share

    def day(self) -> date:
        """Return a day at or beside an anchor."""
        return self.chance.choice(self.anchors) + timedelta(days=self.chance.choice((-1, 0, 0, 1)))

    def fresh(self) -> Any:
        """Return a new span with both ends closed."""
        kinds: tuple[Callable[[], Any], ...] = (
            self.day,
            self.day,
            self._interval,
            self._interval,
            self._coarse,
            self._qualified,
            self._set,
            self._moment,
        )
        several = kinds[:5] if self.is_tight else kinds
        return self.chance.choice(several[:-1] if self.is_plain else several)()

    def closed(self) -> Any:
        """Return a span with both ends closed, as often as not one that was used before."""
        return self.chance.choice(self.pool) if self.sometimes(0.6) else self.fresh()

    def single(self) -> Any:
        """Return what is known of one day: mostly the day itself."""
        return self.day() if self.sometimes(0.6) else self.closed()

    def open_end(self) -> str:
        """Return a span without an end."""
        return f"{self._edge()}/" + self.chance.choice(("..", ""))

    def open_start(self) -> str:
        """Return a span without a beginning."""
        return self.chance.choice(("..", "")) + f"/{self._edge()}"

    def span(self, *, open_start: float = 0.06, open_end: float = 0.06) -> Any:
        """Return any span; the shares say how often an end is open."""
        if self.sometimes(open_start):
            return self.open_start()
        if self.sometimes(open_end):
            return self.open_end()
        return self.closed()

    def _edge(self) -> str:
        day = self.day()
        return self.chance.choice((day.isoformat(), f"{day:%Y-%m}", f"{day:%Y-%m-%d}~"))

    def _interval(self) -> str:
        first, last = sorted((self.day(), self.day()))
        left = self.chance.choice((first.isoformat(), first.isoformat(), f"{first:%Y-%m}"))
        right = self.chance.choice((last.isoformat(), f"{last:%Y-%m-%d}?", f"{last:%Y-%m}"))
        # A period that begins before the day that it should come after is refused as unclear.
        return f"{left}/{last}" if right < left else f"{left}/{right}"

    def _coarse(self) -> str:
        day = self.day()
        codes = [*range(21, 25), *range(33, 42)]
        forms = (
            f"{day:%Y-%m}",
            f"{day:%Y-%m}",
            f"{day:%Y-%m}-XX",
            f"{day:%Y}",
            f"{day:%Y}-XX",
            f"{day:%Y}-XX-XX",
            *(("201X", "20XX") if self.decades else ()),
            f"{day:%Y}-{self.chance.choice(codes)}",
            f"{day:%Y}-{self.chance.choice(codes)}",
        )
        return str(self.chance.choice(forms))

    def _qualified(self) -> str:
        form = self.chance.choice(("%Y-%m-%d", "%Y-%m", "%Y"))
        return self.day().strftime(form) + self.chance.choice("?~%")

    def _set(self) -> str:
        first, last = sorted((self.day(), self.day()))
        if self.sometimes(0.5):
            return f"[{first}..{last}]"
        return f"[{first},{last}]" if self.sometimes(0.5) else f"[{last:%Y-%m},{first}]"

    def _moment(self) -> Any:
        hours = self.chance.choice((-8, 0, 3, 9))
        zone = timezone(timedelta(hours=hours))
        day = self.day()
        hour = self.chance.choice((0, 1, 11, 12, 20, 23))
        moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=zone)
        return moment if self.sometimes(0.5) else moment.isoformat()
