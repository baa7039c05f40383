"""Roads: a graph of directed edges with turns, the way through it, and what was doubtful when it was read in.

Pure: arrays in, arrays out; no database, no network, no clock. Coordinates are WGS-84 longitude and latitude, or
plain metres where a network has no place on the earth. Lengths are metres, times seconds, speeds metres a second.
"""
