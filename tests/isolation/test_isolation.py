"""Agents of one administration see nothing of another, by any door."""
