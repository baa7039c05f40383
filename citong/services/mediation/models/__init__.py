"""The tables of mediation."""

from citong.services.mediation.models.agreements import Agreement, Confirmation, Objection, Obligation
from citong.services.mediation.models.batches import Batch, BatchAct, BatchTable
from citong.services.mediation.models.bodies import Body, Interest, Mediator, Met, Room
from citong.services.mediation.models.disputes import Consent, Dispute, Matter, PartyDetails, Question
from citong.services.mediation.models.lessons import Lesson
from citong.services.mediation.models.sessions import Attendance, Booking, CalendarAddress, Session

__all__ = [
    "Agreement",
    "Attendance",
    "Batch",
    "BatchAct",
    "BatchTable",
    "Body",
    "Booking",
    "CalendarAddress",
    "Confirmation",
    "Consent",
    "Dispute",
    "Interest",
    "Lesson",
    "Matter",
    "Mediator",
    "Met",
    "Objection",
    "Obligation",
    "PartyDetails",
    "Question",
    "Room",
    "Session",
]
