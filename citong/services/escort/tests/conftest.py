"""The street that the tests of escorts drive along."""

from citong.services.escort.tests.street import street, street_with_bypass

__all__ = ["street", "street_with_bypass"]
