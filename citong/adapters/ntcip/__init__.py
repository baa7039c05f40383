"""Signal controllers that speak NTCIP 1202 over SNMP, behind the port of `citong.core.signals.port`.

How an ask ends even when the centre is dead: before anything is asked, the controller's back-up time
(`unitBackupTime`) is set to at most that of our settings, and read back. While an ask is in force, the control objects
are written again well within that time; at its expiry they are cleared. A controller that hears no write for the
back-up time clears them itself and runs its own plan. NTCIP knows no expiry of a single command, so an ask outlives
its `until` by the back-up time at most, and only when the link dies in its last seconds.

The ring-barrier logic of the controller (minimum green, clearances, conflicts) stays in force under every command used
here: calls, omits, holds and force-offs are wishes to it. Nothing here writes a timing.
"""
