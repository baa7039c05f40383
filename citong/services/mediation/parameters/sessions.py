"""What sessions stand on: numbers of the city, by the date from which they hold."""

from datetime import date

from citong.kit.rule import CityDecision, Parameter

SESSIONS = CityDecision("Rules for sessions", "city.toml [parameters]", date(2026, 1, 1), "City centre")
FROM = date(2026, 1, 1)

NOTICE = Parameter("A session is set ahead, at least", "hours", SESSIONS, {FROM: 24})
AHEAD = Parameter("A session is set ahead, at most", "days", SESSIONS, {FROM: 180})
SHORTEST = Parameter("A session takes, at least", "minutes", SESSIONS, {FROM: 10})
LONGEST = Parameter("A session takes, at most", "minutes", SESSIONS, {FROM: 480})
DAY_BEFORE = Parameter("First reminder, before it begins", "hours", SESSIONS, {FROM: 24})
HOURS_BEFORE = Parameter("Second reminder, before it begins", "hours", SESSIONS, {FROM: 2})
OPENS = Parameter("The way into an online session opens before it begins", "minutes", SESSIONS, {FROM: 15})
CLOSES = Parameter("The way into an online session closes after its end", "minutes", SESSIONS, {FROM: 60})
STEP = Parameter("Times are proposed in steps of", "minutes", SESSIONS, {FROM: 30})
PROPOSED_TIMES = Parameter("Times proposed in place of a taken one", "times", SESSIONS, {FROM: 3})
SOUGHT = Parameter("Free times are sought in the following", "days", SESSIONS, {FROM: 21})
KEPT = Parameter("Past sessions stay in a calendar program", "days", SESSIONS, {FROM: 60})
