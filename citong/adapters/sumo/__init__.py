"""Streets and signals simulated by Eclipse SUMO (libsumo), behind the door of real ones; extra `signals`."""
