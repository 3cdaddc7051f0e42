"""Follows a playbook to the letter."""
