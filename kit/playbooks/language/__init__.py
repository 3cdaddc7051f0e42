"""What a playbook may say, and how it is read from its file."""
