"""The administrator's rooms: offices, officers, days, plans, words. No case is seen in any of them."""
