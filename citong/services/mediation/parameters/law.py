"""What mediation stands on: articles, and numbers by the date from which they hold."""

from datetime import date

from citong.kit.rule import CityDecision, Law

PEOPLES_MEDIATION = "People's Mediation Law (2011)"
ONLINE_MEDIATION = "Supreme People's Court, Rules of People's Courts on Online Mediation (2022)"
INVITED_MEDIATION = "Supreme People's Court, Provisions on Specially Invited Mediation (2016)"
CIVIL_PROCEDURE = "Civil Procedure Law (2023)"
CONFIRMATION_RULES = "Supreme People's Court, Provisions on the Judicial Confirmation Procedure (2011)"
CIVIL_INTERPRETATION = "Supreme People's Court, Interpretation of the Civil Procedure Law (2022)"
MEDICAL_REGULATION = "Regulation on the Prevention and Handling of Medical Disputes (2018)"
LABOUR_LAW = "Law on Mediation and Arbitration of Labour Disputes (2008)"

MEDIATION = Law(PEOPLES_MEDIATION, 2, "A committee helps parties of a dispute, who are willing, to agree.")
WILLING = Law(
    PEOPLES_MEDIATION, 3, "Mediation is voluntary and equal, within the law, and hinders nobody's way to court."
)
FREE = Law(PEOPLES_MEDIATION, 4, "People's mediation charges nothing.")
OPENING = Law(
    PEOPLES_MEDIATION, 17, "Parties apply; a committee may offer; what a party clearly refuses is not mediated."
)
CHOSEN = Law(PEOPLES_MEDIATION, 19, "The committee names mediators, or the parties choose them.")
RIGHTS = Law(
    PEOPLES_MEDIATION, 23, "Parties choose, refuse and end mediation, in the open or in private, and agree freely."
)
DANGER = Law(PEOPLES_MEDIATION, 25, "Where a dispute may turn violent or criminal, the police are told at once.")
NO_AGREEMENT = Law(
    PEOPLES_MEDIATION, 26, "Where no agreement is reached, mediation ends, and the parties are told of other ways."
)
FILE = Law(PEOPLES_MEDIATION, 27, "Mediators keep a record; the committee keeps a file.")
AGREEMENT = Law(PEOPLES_MEDIATION, 28, "An agreement is written down, or told and recorded.")
IN_WRITING = Law(
    PEOPLES_MEDIATION, 29, "What a written agreement holds; in effect once all have signed and the seal is on it."
)
ORAL = Law(PEOPLES_MEDIATION, 30, "An oral agreement is in effect from the day on which it is reached.")
BINDING = Law(PEOPLES_MEDIATION, 31, "An agreement binds; the committee watches over its performance.")
TO_COURT = Law(PEOPLES_MEDIATION, 32, "Over performance or content of an agreement a party may go to court.")
CONFIRMATION = Law(PEOPLES_MEDIATION, 33, "Within thirty days of effect both apply together to a court to confirm it.")
CONFIRMATION_NOW = Law(CIVIL_PROCEDURE, 205, "Both parties apply within thirty days of the agreement's effect.")
CONFIRMED = Law(
    CIVIL_PROCEDURE, 206, "The court rules that the agreement holds, and it can be enforced; or rejects it."
)
SPECIAL_TERM = Law(CIVIL_PROCEDURE, 187, "Cases of special procedure end within thirty days.")

SCOPE = Law(ONLINE_MEDIATION, 9, "What lies outside is sent back, with the other ways.")
CHOOSE = Law(ONLINE_MEDIATION, 10, "Parties agree on a mediator in two working days, else one is named.")
ACCEPT = Law(ONLINE_MEDIATION, 12, "The mediator says within three working days whether they accept.")
DISCLOSE = Law(ONLINE_MEDIATION, 13, "A mediator discloses what could make them partial.")
REPLACE = Law(ONLINE_MEDIATION, 14, "A party may refuse a mediator; refusing the next one is refusing mediation.")
ASK_OTHER = Law(ONLINE_MEDIATION, 15, "The other side is asked within three working days.")
UNDISPUTED = Law(
    ONLINE_MEDIATION,
    18,
    "What is undisputed is recorded; what was conceded for the sake of agreement is not held against anybody.",
)
E_SIGNED = Law(ONLINE_MEDIATION, 19, "An agreement is in effect once all have signed it electronically.")
ONWARD = Law(ONLINE_MEDIATION, 21, "What fails goes to court with its papers, and the court registers it.")
SHAM = Law(ONLINE_MEDIATION, 23, "Sham mediation is stopped and told to the court.")
TERM = Law(
    ONLINE_MEDIATION,
    24,
    "Thirty days before filing; fifteen after it, seven in summary procedure; all parties may extend.",
)
WAYS_TO_FAIL = Law(ONLINE_MEDIATION, 25, "When mediation ends without an agreement.")
APPRAISAL = Law(ONLINE_MEDIATION, 26, "The time of an appraisal does not count.")
COURT_ACCEPTS = Law(CONFIRMATION_RULES, 4, "The court says within three days whether it takes up the application.")
REFUSAL_GROUNDS = Law(CIVIL_INTERPRETATION, 355, "When an application is not taken up.")
REJECTION_GROUNDS = Law(CIVIL_INTERPRETATION, 358, "When an application is rejected.")
OBJECTION = Law(CIVIL_INTERPRETATION, 372, "Parties object in fifteen days, others within six months of knowing.")
MEDICAL_TERM = Law(MEDICAL_REGULATION, 38, "Thirty working days, appraisals apart; later it has failed.")
LABOUR_TERM = Law(LABOUR_LAW, 14, "Fifteen days without an agreement open the way to arbitration.")
CITY_LIMITS = CityDecision("Time limits of mediation", "city.toml [limits]", date(2026, 1, 1), "City centre")
