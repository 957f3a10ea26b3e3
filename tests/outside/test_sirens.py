"""Sirens of Ukraine by day and oblast against what the news told of: figures of our own, with their definition printed.

VIINA gives a day and a place, no clock time; so all that can be asked is whether an oblast had a siren on the day of an event.
The definition is the text of DEFINITION, which stands in docs/track-record.md word for word.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tocsin.review.join import Pairs
from tocsin.review.matching import MatchRule
from tocsin.track_record.bulk import count_pairs
from tocsin.track_record.rates import Rates, measure_rates, rates_as_json, write_rates

PAGE = Path(__file__).parents[2] / "docs" / "track-record.md"
KYIV = ZoneInfo("Europe/Kyiv")
FIRST, LAST = date(2022, 10, 1), date(2023, 12, 31)
DEFINITION = (
    "An event is a row of VIINA from 1 October 2022 to 31 December 2023 that VIINA ascribes to Russian forces (a_rus 1, a_ukr 0)",
    "and whose place lies in an oblast with sirens: Crimea, Sevastopol and Luhansk had none in that time, and 6 rows name no oblast.",
    "A warning is an official siren for a whole oblast that sounded on one of these days.",
    "They match if the siren sounded in the oblast of the event at any instant of the day of the event, midnight to midnight in Kyiv.",
    "POD is of events, FAR of sirens; a block is a day. Chance is the mean over events of the share of all days on which their",
    "oblast had a siren: what a siren without any knowledge would have scored.",
)
OBLASTS = {
    "Cherkasy": "Cherkaska", "Chernihiv": "Chernihivska", "Dnipropetrovs'k": "Dnipropetrovska", "Donets'k": "Donetska",
    "Ivano-Frankivs'k": "Ivano-Frankivska", "Kharkiv": "Kharkivska", "Kherson": "Khersonska", "Khmel'nyts'kyy": "Khmelnytska",
    "Kiev": "Kyivska", "Kiev City": "Kyiv City", "Kirovohrad": "Kirovohradska", "L'viv": "Lvivska", "Mykolayiv": "Mykolaivska",
    "Odessa": "Odeska", "Poltava": "Poltavska", "Rivne": "Rivnenska", "Sumy": "Sumska", "Ternopil'": "Ternopilska",
    "Transcarpathia": "Zakarpatska", "Vinnytsya": "Vinnytska", "Volyn": "Volynska", "Zaporizhzhya": "Zaporizka",
    "Zhytomyr": "Zhytomyrska",
}  # fmt: skip
"""The oblast as VIINA and as the sirens spell it."""

Row = Mapping[str, str]


def rows_of(file: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(gzip.decompress(file.read_bytes()).decode("utf-8"))))


@pytest.fixture(scope="module")
def sirens(shared: Path) -> list[Row]:
    """Those for a whole oblast."""
    return [one for one in rows_of(shared / "data" / "ua_sirens_official.csv.gz") if one["level"] == "oblast"]


@pytest.fixture(scope="module")
def events(shared: Path) -> list[Row]:
    found = [one for year in (2022, 2023) for one in rows_of(shared / "data" / f"viina_targets_{year}.csv.gz")]
    return [one for one in found if day_of(one) >= FIRST and (one["a_rus"], one["a_ukr"]) == ("1", "0")]


def day_of(event: Row) -> date:
    return datetime.strptime(event["date"], "%Y%m%d").replace(tzinfo=UTC).date()


def days_of(siren: Row) -> list[date]:
    first, last = (datetime.fromisoformat(siren[one]).astimezone(KYIV).date() for one in ("started_at", "finished_at"))
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]


def scored(sirens: list[Row], events: list[Row]) -> tuple[Rates, float]:
    """The rates, and what chance would have scored."""
    sounded: defaultdict[tuple[str, date], list[int]] = defaultdict(list)
    used = [one for one in sirens if any(FIRST <= day <= LAST for day in days_of(one))]
    for row, one in enumerate(used):
        for day in days_of(one):
            sounded[one["oblast"].removesuffix(" oblast"), day].append(row)
    placed = [(OBLASTS[one["ADM1_NAME"]], day_of(one)) for one in events if one["ADM1_NAME"] in OBLASTS]
    pairs = [(siren, row) for row, place in enumerate(placed) for siren in sounded.get(place, [])]
    blocks = count_pairs(
        Pairs(warning=np.array([one for one, _ in pairs]), incident=np.array([one for _, one in pairs])),
        warned=np.array([days_of(one)[0].toordinal() for one in used]),
        happened=np.array([day.toordinal() for _, day in placed]),
    )
    alarmed = {
        oblast: sum((oblast, FIRST + timedelta(one)) in sounded for one in range(457)) for oblast in OBLASTS.values()
    }
    assert (LAST - FIRST).days + 1 == 457
    rule = MatchRule(id="day-and-oblast/1", near_km=0.0, late=timedelta(0))
    named = {date.fromordinal(day).isoformat(): table for day, table in blocks.items()}
    chance = sum(alarmed[oblast] for oblast, _ in placed) / (457 * len(placed))
    return measure_rates(named, rule, seed=1, by="day"), chance


def test_the_oblast_sirens_are_as_many_as_others_counted(sirens: list[Row]) -> None:
    """By the day on which they began, in UTC; by the day in Kyiv there are five fewer."""
    begun = [datetime.fromisoformat(one["started_at"]) for one in sirens]
    assert sum(date(2022, 10, 1) <= at.date() <= date(2024, 4, 21) for at in begun) == 26_305
    assert sum(date(2022, 10, 1) <= at.astimezone(KYIV).date() <= date(2024, 4, 21) for at in begun) == 26_300


def test_the_figures_of_the_page_are_those_of_the_data(sirens: list[Row], events: list[Row]) -> None:
    rates, chance = scored(sirens, events)
    found = rates_as_json(rates)
    told = [*write_rates(found), f"  chance {chance:.2f}, by the same definition"]
    print("\n".join((*DEFINITION, *told)))
    page = PAGE.read_text(encoding="utf-8")
    for line in (*DEFINITION, *(one.strip() for one in told)):
        assert line in page, f"the page does not say: {line}"


def test_events_without_an_oblast_with_sirens_are_in_no_figure(sirens: list[Row], events: list[Row]) -> None:
    rates, _ = scored(sirens, events)
    apart = [one["ADM1_NAME"] for one in events if one["ADM1_NAME"] not in OBLASTS]
    assert set(apart) == {"", "Crimea", "Luhans'k", "Sevastopol'"}
    assert rates.pod.of == len(events) - len(apart)
    assert apart.count("") == 6


def test_every_event_of_a_siren_day_is_a_hit_and_no_other(sirens: list[Row], events: list[Row]) -> None:
    """Counted again by another way: sets of days."""
    rates, _ = scored(sirens, events)
    alarmed = {(one["oblast"].removesuffix(" oblast"), day) for one in sirens for day in days_of(one)}
    placed = [(OBLASTS[one["ADM1_NAME"]], day_of(one)) for one in events if one["ADM1_NAME"] in OBLASTS]
    assert rates.pod.count == sum(one in alarmed for one in placed)
