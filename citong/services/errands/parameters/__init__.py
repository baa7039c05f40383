"""What errands stand on, and the sources of their time limits."""

from datetime import date

from citong.kit.rule import CityDecision, Law

OLD_PEOPLE = Law(
    "Law on the Protection of the Rights of Old People", 37, "Services in the community help old people at home."
)
COMMITTEES = Law("Organic Law of the Urban Residents' Committees", 4, "Committees serve residents in daily life.")
MANDATE_MONEY = Law("Civil Code", 921, "Whoever gives a mandate pays in advance what it costs.")
MANDATE_IN_PERSON = Law("Civil Code", 923, "A mandate is carried out in person; handing it on needs a word.")
MANDATE_REPORT = Law("Civil Code", 924, "Whoever holds a mandate reports on it, and on its result at the end.")
MANDATE_HAND_OVER = Law("Civil Code", 927, "What a mandate brings in is handed over to whoever gave it.")
CITY_LIMITS = CityDecision(
    "Time limits of errands for neighbours", "city.toml [limits]", date(2026, 1, 1), "City centre"
)
