"""Decides what a message is about."""
