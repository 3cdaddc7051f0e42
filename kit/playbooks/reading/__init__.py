"""Reads what a playbook asks for out of what the customer wrote."""
