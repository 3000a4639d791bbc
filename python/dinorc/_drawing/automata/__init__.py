"""Conditions that the characters of a name decide, as one deterministic automaton."""
