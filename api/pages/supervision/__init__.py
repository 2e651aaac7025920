"""What stalls and what is done about it: the rooms of whoever supervises."""
