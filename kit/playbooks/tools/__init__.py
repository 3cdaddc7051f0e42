"""What the `do` steps of a playbook can call."""
