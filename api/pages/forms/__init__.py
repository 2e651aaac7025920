"""Forms drawn from the models of outcomes, and what they send read back; one model, so no second rule."""
