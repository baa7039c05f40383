"""Escorts: green all the way for one vehicle at small cost to others. Route and positions in, timed asks out.

Pure: no database, no network, no clock of its own. Metres are counted along the way from its begin, seconds by the
caller's clock, vehicles by lane.
"""
