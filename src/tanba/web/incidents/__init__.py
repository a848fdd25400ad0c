"""Incidents, their clocks and alarms, notifications, and the stop of art. 18(2)."""
